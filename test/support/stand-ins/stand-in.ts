/**
 * How a stand-in misbehaves. `time-out`: nothing happens and nobody answers. `drop-answer`: the work is done and
 * the connection breaks before the answer. `bad-gateway`: the work is done and the answer says 502.
 * `server-error`: nothing happens, 500. `rate-limit`: nothing happens, as the vendor says it. `refuse`: nothing
 * happens, and it says that it never will.
 */
export const faultModes = [
  'none',
  'time-out',
  'drop-answer',
  'bad-gateway',
  'server-error',
  'rate-limit',
  'refuse',
] as const;
/** How a stand-in misbehaves. */
export type FaultMode = (typeof faultModes)[number];

/** A fault, for so many requests or until it is changed. */
export interface Fault {
  readonly mode: FaultMode;
  readonly times?: number;
  /** What a rate limit asks to wait, in seconds. */
  readonly retryAfterS?: number;
}

/** One request as it came, and what became of it. */
export interface Received {
  readonly at: number;
  readonly name: string;
  /** What the vendor would know it by: the id of a webhook, of an issue, a Message-ID. */
  readonly id: string | null;
  readonly operation: string;
  readonly fault: FaultMode;
  readonly status: number;
  /** What the vendor, or its documents, would object to. */
  readonly problems: readonly string[];
  readonly body: unknown;
}

/** Everything that a stand-in was sent, and how it is made to fail. */
export class Journal {
  readonly name: string;
  readonly received: Received[] = [];
  #fault: Fault = { mode: 'none' };
  #left = Infinity;

  constructor(name: string) {
    this.name = name;
  }

  /** Makes the next requests fail. */
  setFault(fault: Fault): void {
    this.#fault = fault;
    this.#left = fault.times ?? Infinity;
  }

  /** The fault of the next request. */
  nextFault(): Fault {
    if (this.#left <= 0) return { mode: 'none' };
    this.#left -= 1;
    return this.#fault;
  }

  /** Notes a request. */
  note(entry: Omit<Received, 'at' | 'name'>): void {
    this.received.push({ at: Date.now(), name: this.name, ...entry });
  }

  /** What was wrong with any request so far. */
  get problems(): readonly string[] {
    return this.received.flatMap(({ problems }) => problems);
  }

  /** Everything as NDJSON. */
  dump(): string {
    return this.received.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  }

  /** Forgets everything, faults too. */
  clear(): void {
    this.received.length = 0;
    this.setFault({ mode: 'none' });
  }
}

/** A running stand-in of an outside system. */
export interface StandIn {
  readonly name: string;
  /** Address that the product is given. */
  readonly url: string;
  readonly journal: Journal;
  /** What the vendor's side consists of now: tickets, alerts, messages. */
  readonly objects: () => readonly unknown[];
  /** Forgets requests, faults and objects. */
  readonly clear: () => void;
  readonly stop: () => Promise<void>;
}
