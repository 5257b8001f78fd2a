import type { RerunKind } from '@faultline/schemas';
import type { AttemptAnswer, AttemptAsk, InputTopic, KnowledgeBodies, Stage } from '@faultline/stream';

/**
 * Runs an operation again. It is called at most once at a time for a key. What it rejects with becomes a
 * failed attempt; it must observe `signal`, which fires when the service gives up on the run.
 */
export type Executor = (ask: AttemptAsk, signal: AbortSignal) => Promise<AttemptAnswer>;

/** A stage on Kafka: consume, decide, produce, exactly once; `stageComponent` in this package. */
export interface StageSpec<Bodies extends KnowledgeBodies> {
  readonly stage: Stage<Bodies>;
  readonly inputs: readonly InputTopic[];
  /** Executors by kind of rerun; a kind without one is answered `refused`. */
  readonly executors?: Partial<Record<RerunKind, Executor>>;
}
