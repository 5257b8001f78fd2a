import { Fault } from '@faultline/stream';
import type { Logger } from 'pino';
import { sliceBytes, type InputSlice } from '../kafka/slices.ts';
import { TransactionFailed } from '../kafka/transactional-writer.ts';

/** Some records of a partition, in order, and the offset behind them. */
export interface Chunk {
  readonly from: number;
  readonly slices: readonly InputSlice[];
  readonly next: number;
}

/** What a loop feeds: a stage or an inbox, for one partition. */
export interface PartitionSink {
  /** Takes the partition over and gives the offset to go on from, as it was committed. */
  readonly open: () => Promise<number>;
  /** Takes a chunk, all of it or nothing. */
  readonly take: (chunk: Chunk) => Promise<void>;
  /** Before this moment a record must wait; undefined where it need not. */
  readonly dueAt?: (slice: InputSlice) => number;
  readonly close: () => Promise<void>;
}

/** Somebody else moved the offset of a partition: a zombie, or a lost answer to COMMIT. */
export class OffsetMoved extends Error {
  constructor() {
    super('the offset of the partition was moved by another');
    this.name = 'OffsetMoved';
  }
}

/** What a loop needs of the consumer. */
export interface PartitionControl {
  readonly topic: string;
  readonly partition: number;
  readonly seek: (offset: number) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Commits an offset to the group outside of any transaction, for display. */
  readonly display: (offset: number) => void;
  /** Resolves once the group has answered a heartbeat after this call. */
  readonly nextHeartbeat: () => Promise<void>;
}

/** Limits and callbacks of a loop. */
export interface LoopOptions {
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly log: Logger;
  readonly now: () => number;
  /** The loop waits for something that is down. */
  readonly onDown: (error: unknown) => void;
  readonly onUp: () => void;
  readonly onAbort: (reason: string) => void;
  readonly onLag: (records: number) => void;
  readonly onFatal: (error: unknown) => void;
  /** Stops this partition alone, with an alarm. */
  readonly onHalt: (fault: Fault) => void;
}

interface Piece {
  readonly slices: InputSlice[];
  /** Offset behind the batch, control records included. */
  readonly end: number;
}

const QUEUE_FACTOR = 4; // so many transactions' worth of records wait here before fetching pauses
const IDLE_COMMIT_MS = 2_000; // markers behind the last record are committed when nothing came for so long
const BACKOFF_MS = [100, 200, 500, 1_000, 2_000, 5_000] as const;

/**
 * Carries one partition: takes what was fetched into a queue, and feeds it to the sink chunk by chunk.
 * Fetching never waits for it, so a slow partition holds itself alone, and heartbeats go on.
 */
export class PartitionLoop {
  readonly #sink: PartitionSink;
  readonly #control: PartitionControl;
  readonly #options: LoopOptions;
  #queue: Piece[] = [];
  #queued = 0;
  #position = 0;
  #fetchPosition = -1;
  #high = 0;
  #paused = true;
  #stopping = false;
  #emptySince: number | undefined;
  #wake: (() => void) | undefined;
  #signalStop: () => void = () => undefined;
  readonly #stopSignal = new Promise<void>((resolve) => {
    this.#signalStop = resolve;
  });
  readonly #done: Promise<void>;

  constructor(sink: PartitionSink, control: PartitionControl, options: LoopOptions) {
    this.#sink = sink;
    this.#control = control;
    this.#options = options;
    control.pause();
    this.#done = this.#run().catch((error: unknown) => options.onFatal(error));
  }

  /** Takes a fetched batch, and says whether it did: not what was fetched from elsewhere than where the loop stands. */
  accept(fetchedOffset: number, slices: readonly InputSlice[], end: number, high: number): boolean {
    if (this.#stopping || this.#fetchPosition < 0) return false;
    if (fetchedOffset !== this.#fetchPosition) {
      this.#control.seek(this.#fetchPosition);
      return false;
    }
    this.#high = high;
    this.#fetchPosition = end;
    this.#queue.push({ slices: [...slices], end });
    this.#queued += slices.length;
    if (this.#queued >= this.#options.maxRecords * QUEUE_FACTOR) this.#pause();
    this.#signal();
    return true;
  }

  /** Ends after the transaction under way; what is queued is left to whoever comes next. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#signalStop();
    this.#signal();
    await this.#done;
  }

  async #run(): Promise<void> {
    try {
      await this.#open();
      while (!this.#stopping) {
        const chunk = this.#nextChunk();
        if (chunk === undefined) {
          await this.#sleep(this.#idleMs());
          continue;
        }
        await this.#take(chunk);
      }
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'DEAD_LETTER_LIMIT') throw error;
      this.#options.onHalt(error);
    } finally {
      await this.#sink.close();
    }
  }

  /** Opens the sink, however long it takes, and stands where the committed offset says. */
  async #open(): Promise<void> {
    for (let attempt = 0; !this.#stopping; attempt += 1) {
      try {
        const offset = await this.#sink.open();
        if (this.#fetchPosition < 0 || offset !== this.#position) this.#restartAt(offset);
        this.#options.onUp();
        return;
      } catch (error) {
        await this.#standBack(error, attempt);
      }
    }
  }

  #restartAt(offset: number): void {
    this.#queue = [];
    this.#queued = 0;
    this.#position = offset;
    this.#fetchPosition = offset;
    this.#control.seek(offset);
    this.#resume();
  }

  async #take(chunk: Chunk): Promise<void> {
    for (let attempt = 0; !this.#stopping; attempt += 1) {
      try {
        await this.#sink.take(chunk);
      } catch (error) {
        await this.#standBack(error, attempt);
        if (error instanceof TransactionFailed || error instanceof OffsetMoved) {
          await this.#open();
          // the committed offset tells whether the transaction had ended after all
          if (this.#position !== chunk.from) return;
        }
        continue;
      }
      if (attempt > 0) this.#options.onUp();
      this.#settle(chunk);
      return;
    }
  }

  /** Waits where waiting can help; throws where it cannot. */
  async #standBack(error: unknown, attempt: number): Promise<void> {
    if (error instanceof TransactionFailed) {
      this.#options.onAbort(error.reason);
      this.#options.log.warn(
        { err: error, topic: this.#control.topic, partition: this.#control.partition },
        'abort',
      );
      // fenced: another member may own the partition by now, which the next heartbeat tells
      if (error.fenced) await Promise.race([this.#control.nextHeartbeat(), this.#stopSignal]);
      else if (attempt > 0) this.#options.onDown(error);
    } else if (error instanceof OffsetMoved) {
      this.#options.onAbort('offset-moved');
    } else if (isWorthWaiting(error)) {
      this.#options.onDown(error);
    } else {
      throw error;
    }
    if (attempt > 0 || !(error instanceof TransactionFailed)) {
      await this.#standBy(BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length - 1)] ?? 5_000);
    }
  }

  #settle(chunk: Chunk): void {
    this.#position = chunk.next;
    let left = chunk.slices.length;
    while (left > 0 || (this.#queue[0] !== undefined && this.#queue[0].end <= chunk.next)) {
      const piece = this.#queue[0];
      if (piece === undefined) break;
      const taken = Math.min(left, piece.slices.length);
      piece.slices.splice(0, taken);
      left -= taken;
      if (piece.slices.length > 0 || piece.end > chunk.next) break;
      this.#queue.shift();
    }
    this.#queued -= chunk.slices.length;
    if (chunk.slices.length > 0) this.#emptySince = undefined;
    if (this.#queued < this.#options.maxRecords) this.#resume();
    this.#reportLag();
  }

  /** The next records that are due; undefined where there are none. */
  #nextChunk(): Chunk | undefined {
    const now = this.#options.now();
    const slices: InputSlice[] = [];
    let bytes = 0;
    let next = this.#position;
    for (const piece of this.#queue) {
      let whole = true;
      for (const slice of piece.slices) {
        const due = this.#sink.dueAt?.(slice) ?? 0;
        const size = sliceBytes(slice);
        const full =
          slices.length >= this.#options.maxRecords ||
          (slices.length > 0 && bytes + size > this.#options.maxBytes);
        if (full || due > now) {
          whole = false;
          break;
        }
        slices.push(slice);
        bytes += size;
        next = slice.offset + 1;
      }
      if (!whole) break;
      next = piece.end;
    }
    if (slices.length > 0) return { from: this.#position, slices, next };
    const idle = next > this.#position && this.#idleSince(now) >= IDLE_COMMIT_MS;
    return idle ? { from: this.#position, slices, next } : undefined;
  }

  #idleSince(now: number): number {
    if (this.#queued > 0) {
      this.#emptySince = undefined;
      return 0;
    }
    this.#emptySince ??= now;
    return now - this.#emptySince;
  }

  #idleMs(): number {
    this.#reportLag();
    const head = this.#queue.find((piece) => piece.slices.length > 0)?.slices[0];
    if (head === undefined) return IDLE_COMMIT_MS / 2;
    const due = this.#sink.dueAt?.(head) ?? 0;
    return Math.max(1, Math.min(due - this.#options.now(), IDLE_COMMIT_MS));
  }

  #reportLag(): void {
    const fetched = this.#queued === 0 ? this.#fetchPosition : this.#position;
    this.#options.onLag(Math.max(0, this.#high - fetched));
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#control.pause();
  }

  #resume(): void {
    if (!this.#paused || this.#stopping) return;
    this.#paused = false;
    this.#control.resume();
  }

  #signal(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** Waits, whatever arrives, unless the loop is to stop. */
  async #standBy(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([waited, this.#stopSignal]);
    clearTimeout(timer);
  }

  /** Waits until something arrives. */
  async #sleep(ms: number): Promise<void> {
    if (this.#stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** What waiting can mend: a dependency that is down, and what the Kafka client calls by its names. */
function isWorthWaiting(error: unknown): boolean {
  if (error instanceof Fault) return error.retryable;
  return error instanceof Error && error.name.startsWith('KafkaJS');
}
