import type { RerunKind } from '@faultline/schemas';
import type { AttemptAnswer, AttemptAsk, InputTopic, KnowledgeBodies, Stage } from '@faultline/stream';
import type { Republisher } from '../kafka/republisher.ts';

/**
 * Runs an operation again. It is called at most once at a time for a key. What it rejects with becomes a
 * failed attempt; it must observe `signal`, which fires when the service gives up on the run.
 */
export type Executor = (ask: AttemptAsk, signal: AbortSignal) => Promise<AttemptAnswer>;

/** A stage on Kafka: consume, decide, produce, exactly once; `stageComponent` in this package. */
export interface StageSpec<Bodies extends KnowledgeBodies> {
  readonly stage: Stage<Bodies>;
  readonly inputs: readonly InputTopic[];
  /** Makes the executors by kind of rerun; a kind without one is answered `refused`. */
  readonly executors?: (ports: ExecutorPorts) => Executors;
}

/** Executors by kind of rerun. */
export type Executors = Partial<Record<RerunKind, Executor>>;

/** What executors may use of the platform. */
export interface ExecutorPorts {
  readonly now: () => number;
  readonly republish: Republisher;
}
