/** How a component or a dependency does. */
export interface ComponentHealth {
  readonly up: boolean;
  /** When it came into this state, in milliseconds since the epoch. */
  readonly since: number;
  readonly lastError: string | null;
  readonly remedy: string | null;
}

/** Health of everything that a service consists of and depends on. */
export class Health {
  readonly #components = new Map<string, ComponentHealth>();
  readonly #now: () => number;
  readonly #onChange: (component: string, up: boolean) => void;
  #draining = false;

  constructor(
    options: {
      readonly now?: () => number;
      readonly onChange?: (component: string, up: boolean) => void;
    } = {},
  ) {
    this.#now = options.now ?? Date.now;
    this.#onChange = options.onChange ?? (() => undefined);
  }

  /** A component works. */
  up(component: string): void {
    this.#set(component, true, null, null);
  }

  /** A component is down: what depends on it waits. */
  down(component: string, error: unknown, remedy: string): void {
    this.#set(component, false, error instanceof Error ? error.message : String(error), remedy);
  }

  /** Forgets components that this instance has no more, such as partitions that went elsewhere. */
  forget(prefix: string): void {
    for (const name of this.#components.keys()) if (name.startsWith(prefix)) this.#components.delete(name);
  }

  /** From now on the service is not ready, since it drains. */
  drain(): void {
    this.#draining = true;
  }

  /** Whether everything works and nothing drains. */
  get ready(): boolean {
    return (
      !this.#draining && this.#components.size > 0 && [...this.#components.values()].every(({ up }) => up)
    );
  }

  /** Whether the service drains. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Each component by name. */
  report(): Readonly<Record<string, ComponentHealth>> {
    return Object.fromEntries(this.#components);
  }

  #set(component: string, up: boolean, lastError: string | null, remedy: string | null): void {
    const before = this.#components.get(component);
    const since = before !== undefined && before.up === up ? before.since : this.#now();
    this.#components.set(component, { up, since, lastError: lastError ?? before?.lastError ?? null, remedy });
    if (before === undefined || before.up !== up) this.#onChange(component, up);
  }
}
