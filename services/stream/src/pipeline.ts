import type { ErrorRecord, Outcome, OutcomeTo, Work } from '@faultline/schemas';
import { advance, stateBefore, type Advance, type InputTopic } from './advance.ts';
import type { Answers, Ask } from './ask.ts';
import { Fault } from './errors.ts';
import type { Knowledge, KnowledgeBodies } from './knowledge.ts';
import type { Stage, StageName } from './stage.ts';

/** Which stage reads a topic. */
export const readerOf = {
  'errors.raw': 'classifier',
  'errors.classified': 'retrier',
  'errors.delayed': 'retrier',
  'errors.fixable': 'fixer',
  'errors.unresolved': 'escalator',
} as const satisfies Record<InputTopic, StageName>;

/** Time as the line sees it; real timers at the edge, a clock moved by hand in tests. */
export interface LineClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls once, after that many milliseconds; what it returns takes it back. */
  after(delayMs: number, run: () => void): () => void;
}

/** Answers what stages ask. An ask without an answer is asked again in the next round of the stage. */
export interface Answerer {
  answer(asks: readonly Ask[], signal: AbortSignal): Promise<Answers>;
}

/** A stage with the snapshots that it decides with. */
export interface StageWithKnowledge {
  readonly stage: Stage;
  readonly knowledge: Knowledge<KnowledgeBodies>;
}

/** What an in-process line is made of. */
export interface PipelineOptions {
  readonly stages: Readonly<Record<StageName, StageWithKnowledge>>;
  readonly answerer: Answerer;
  readonly clock: LineClock;
  /**
   * How long one wait for a delay of so many milliseconds is; the record is then decided on again, early or not.
   * The whole delay where absent; on Kafka it is a tier of errors.delayed.
   */
  readonly waitFor?: (delayMs: number) => number;
  /** Called with each transition, in order for each record. What it throws reaches the submitter. */
  readonly onOutcome?: (outcome: Outcome) => void;
  /** Called with long work that a stage asks for; without it, such work is not done. */
  readonly onWork?: (work: Work) => void;
  /** Records carried at once. */
  readonly maxInFlight?: number;
  /** Records that wait for a place; one more is refused. */
  readonly maxWaiting?: number;
}

/** How a record left the line. `ended` is false where the line stopped first; it then stands in `state`. */
export interface Ending {
  readonly ended: boolean;
  readonly state: OutcomeTo;
  readonly record: ErrorRecord;
  /** The last transition, where there was one. */
  readonly outcome: Outcome | null;
}

/** Default of {@link PipelineOptions.maxInFlight}. */
const MAX_IN_FLIGHT = 1_000;
/** Default of {@link PipelineOptions.maxWaiting}. */
const MAX_WAITING = 10_000;

/** Where a record stands. */
interface Flight {
  readonly topic: InputTopic;
  readonly record: ErrorRecord;
  readonly outcome: Outcome | null;
}

/**
 * The line in one process: the same stages and the same `advance` as on Kafka, with memory in place of topics.
 * It holds a bounded number of records and nothing of a record that has ended.
 */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #abort = new AbortController();
  /** Who must be woken by the abort: one listener for thousands of records. */
  readonly #wake = new Set<() => void>();
  readonly #waiting: (() => void)[] = [];
  readonly #offsets = new Map<InputTopic, number>();
  #inFlight = 0;
  #closed = false;
  #onIdle: (() => void) | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#abort.signal.addEventListener('abort', () => {
      for (const wake of this.#wake) wake();
    });
  }

  /** Records in the line, waiting ones not counted. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Records that wait for a place. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Carries a record from errors.raw to its end, through delays and rounds. Rejects with a {@link Fault}
   * where the line is closed, or full (that one is retryable): then nothing was taken.
   */
  async submit(record: ErrorRecord): Promise<Ending> {
    if (this.#closed) {
      throw new Fault('STOPPED', 'the line has been shut down and takes no more errors', {
        remedy: 'make a new ErrorHandlingSystem',
      });
    }
    const start: Flight = { topic: 'errors.raw', record, outcome: null };
    if (this.#inFlight >= (this.#options.maxInFlight ?? MAX_IN_FLIGHT)) {
      await this.#place();
    } else {
      this.#inFlight += 1;
    }
    try {
      return await this.#carry(start);
    } finally {
      this.#leave();
    }
  }

  /**
   * Takes no more, lets what is in the line end until `deadlineMs` have passed, then abandons the rest: their
   * submitters get an {@link Ending} with `ended` false. Resolves when the line is empty.
   */
  async close(deadlineMs: number): Promise<void> {
    this.#closed = true;
    if (this.#inFlight + this.#waiting.length === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    const cancel = this.#options.clock.after(deadlineMs, () => this.terminate());
    await idle;
    cancel();
  }

  /** Abandons everything at once. */
  terminate(): void {
    this.#closed = true;
    this.#abort.abort();
  }

  async #carry(start: Flight): Promise<Ending> {
    let flight = start;
    for (;;) {
      const step = await this.#step(flight);
      if (step === undefined) return abandoned(flight);
      const { move, record, outcome, work } = step;
      this.#options.onOutcome?.(outcome);
      for (const one of work) this.#options.onWork?.(one);
      if (record === undefined) {
        return { ended: true, state: 'dead-lettered', record: flight.record, outcome };
      }
      switch (move.kind) {
        case 'dead-letter':
        case 'end':
          return { ended: true, state: outcome.to ?? stateBefore(flight.topic), record, outcome };
        case 'emit':
          if (move.to === 'errors.escalated') return { ended: true, state: 'escalated', record, outcome };
          flight = { topic: move.to, record, outcome };
          break;
        case 'delay':
          flight = { topic: 'errors.delayed', record, outcome };
          await this.#until(move.notBefore);
          break;
      }
    }
  }

  /** One decision; undefined where the line was terminated before it. */
  async #step({ topic, record }: Flight): Promise<Advance | undefined> {
    const { signal } = this.#abort;
    if (signal.aborted) return undefined;
    const { stage, knowledge } = this.#options.stages[readerOf[topic]];
    const { clock, answerer } = this.#options;
    const offset = this.#offsets.get(topic) ?? 0;
    this.#offsets.set(topic, offset + 1);
    const input = { topic, partition: 0, offset };
    let answers: Answers = {};
    try {
      const asks = stage.plan(record, clock.now());
      if (asks.length > 0) {
        const given = await this.#unlessAborted(answerer.answer(asks, signal));
        if (given === undefined) return undefined;
        answers = given;
      }
      return advance({ stage, record, input, answers, knowledge, now: clock.now(), traceparent: null });
    } catch (error) {
      const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const broken: Stage = {
        name: stage.name,
        knowledge: stage.knowledge,
        plan: () => [],
        decide: () => [{ kind: 'dead-letter', reason: 'unexpected-exception', why }],
      };
      return advance({
        stage: broken,
        record,
        input,
        answers,
        knowledge,
        now: clock.now(),
        traceparent: null,
      });
    }
  }

  async #until(notBefore: number): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#abort;
    const wholeMs = notBefore - clock.now();
    if (wholeMs <= 0 || signal.aborted) return;
    const delayMs = this.#options.waitFor?.(wholeMs) ?? wholeMs;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        cancel();
        this.#wake.delete(end);
        resolve();
      };
      const cancel = clock.after(delayMs, end);
      this.#wake.add(end);
    });
  }

  /** The value, or undefined as soon as the line is terminated. */
  async #unlessAborted<T>(promise: Promise<T>): Promise<T | undefined> {
    let wake = (): void => undefined;
    const aborted = new Promise<undefined>((resolve) => {
      wake = () => resolve(undefined);
      this.#wake.add(wake);
    });
    try {
      return await Promise.race([promise, aborted]);
    } finally {
      this.#wake.delete(wake);
    }
  }

  async #place(): Promise<void> {
    if (this.#waiting.length >= (this.#options.maxWaiting ?? MAX_WAITING)) {
      throw new Fault(
        'OVERLOADED',
        `${this.#inFlight} errors are in the line and ${this.#waiting.length} wait`,
        {
          remedy: 'await handleError before the next call, or raise performance.maxInFlight',
          retryable: true,
        },
      );
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Hands the place to whoever waits longest. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#onIdle?.();
  }
}

const abandoned = ({ topic, record, outcome }: Flight): Ending => ({
  ended: false,
  state: stateBefore(topic),
  record,
  outcome,
});
