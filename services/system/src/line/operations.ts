import type { Rerun } from '@faultline/schemas';
import { Fault, type AttemptAnswer, type LocalExecutor } from '@faultline/stream';
import type { RerunFunction } from '../event/event-of-error.ts';

/** What is said of an operation when it is registered. */
export interface OperationOptions {
  /** Whether running it twice does no more than running it once. Default false. */
  readonly idempotent?: boolean;
  /** What it changes outside, such as deploy or publish; such an operation is run again only where it is idempotent. */
  readonly sideEffects?: readonly string[];
  /** How long one run may take, in milliseconds. */
  readonly timeoutMs?: number;
}

interface Operation {
  readonly run: RerunFunction;
  readonly options: OperationOptions;
}

/** How an operation is run again by name in this process. */
export const localRerun = (target: string, options: OperationOptions): Rerun => ({
  kind: 'local',
  target,
  method: null,
  headers: {},
  body: null,
  key: null,
  idempotent: options.idempotent ?? false,
  sideEffects: options.sideEffects ?? [],
  credentials: null,
  timeoutMs: options.timeoutMs ?? null,
});

/** Values that wait to be taken, the oldest forgotten first: nobody takes those of errors that were abandoned. */
const MAX_VALUES = 10_000;

/** The operations that can be run again in this process, by name, and what their runs gave. */
export class Operations {
  readonly #operations = new Map<string, Operation>();
  readonly #values = new Map<string, unknown>();
  readonly #now: () => number;
  readonly #redact: (text: string) => string;

  constructor(now: () => number, redact: (text: string) => string) {
    this.#now = now;
    this.#redact = redact;
  }

  /** Makes an operation known. Throws where the name is taken. */
  register(name: string, run: RerunFunction, options: OperationOptions): void {
    if (typeof name !== 'string' || name === '') {
      throw new Fault('INPUT_INVALID', 'name of the operation is no text', { remedy: 'give it a name' });
    }
    if (typeof run !== 'function') {
      throw new Fault('INPUT_INVALID', `the operation ${name} is no function`, {
        remedy: 'pass a function that runs it again',
      });
    }
    this.#operations.set(name, { run, options });
  }

  /** Forgets an operation. */
  forget(name: string): void {
    this.#operations.delete(name);
  }

  /** How a registered operation is run again; undefined where none has that name. */
  rerunOf(name: string): Rerun | undefined {
    const operation = this.#operations.get(name);
    return operation === undefined ? undefined : localRerun(name, operation.options);
  }

  /** What a run gave that succeeded, by its key; asked again, there is nothing any more. */
  takeValue(key: string): unknown {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  /** Names, for statistics. */
  get names(): readonly string[] {
    return [...this.#operations.keys()];
  }

  /** Runs operations for the line. */
  readonly executor: LocalExecutor = async ({ key, rerun: { target } }, signal) => {
    const operation = this.#operations.get(target);
    const startedAt = this.#now();
    const answer = (
      state: AttemptAnswer['state'],
      detail: string,
      thrown?: Readonly<Record<string, unknown>>,
    ): AttemptAnswer => ({
      kind: 'attempt',
      state,
      detail,
      status: statusOf(thrown),
      startedAt,
      durationMs: this.#now() - startedAt,
      retryAfterMs: typeof thrown?.['retryAfterMs'] === 'number' ? thrown['retryAfterMs'] : null,
    });
    if (operation === undefined) return answer('refused', `no operation ${target} is registered here`);
    try {
      this.#values.set(key, await operation.run({ key, signal }));
      for (const oldest of this.#values.keys()) {
        if (this.#values.size <= MAX_VALUES) break;
        this.#values.delete(oldest);
      }
      return answer('succeeded', 'it succeeded');
    } catch (error) {
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const fields = typeof error === 'object' && error !== null ? error : {};
      return answer('failed', this.#redact(text).slice(0, 500), fields as Readonly<Record<string, unknown>>);
    }
  };
}

const statusOf = (thrown: Readonly<Record<string, unknown>> | undefined): number | null => {
  const status = [thrown?.['status'], thrown?.['statusCode'], thrown?.['code']].find(Number.isInteger);
  return status === undefined ? null : (status as number);
};
