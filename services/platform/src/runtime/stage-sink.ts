import {
  UndecodableError,
  coordinateText,
  delayTiersMs,
  tierOfPartition,
  wholeOutcome,
  type Coordinate,
  type ErrorRecord,
  type Outcome,
} from '@faultline/schemas';
import {
  advance,
  deadLetterTransitionId,
  stateBefore,
  type Advance,
  type Answers,
  type Ask,
  type DeadLetterReason,
  type InputTopic,
  type Knowledge,
  type KnowledgeBodies,
  type Stage,
} from '@faultline/stream';
import type { Logger } from 'pino';
import type { InputSlice, OutputRecord } from '../kafka/slices.ts';
import type { TransactionalWriter } from '../kafka/transactional-writer.ts';
import type { Metrics } from '../observability/metrics.ts';
import { nextTraceparent, readTraceparent } from '../observability/trace-context.ts';
import type { Codecs } from '../registry/codecs.ts';
import type { Admission } from './admission.ts';
import { deadLetterOf } from './dead-letter.ts';
import { DeadLetterLimit } from './dead-letter-limit.ts';
import { NOT_BEFORE_HEADER, type Outputs } from './outputs.ts';
import type { Chunk, PartitionSink } from './partition-loop.ts';

/** What a stage on one partition of one topic consists of. */
export interface StageSinkOptions<Bodies extends KnowledgeBodies> {
  readonly stage: Stage<Bodies>;
  readonly topic: InputTopic;
  readonly topicId: string;
  readonly partition: number;
  readonly groupId: string;
  readonly writer: TransactionalWriter;
  readonly codecs: Codecs;
  readonly outputs: Outputs;
  readonly deadLetterPartitions: number;
  readonly knowledge: () => Knowledge<Bodies>;
  readonly answer: (asks: readonly (readonly Ask[])[]) => Promise<readonly Answers[]>;
  readonly admit: Admission;
  readonly now: () => number;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** The committed offset, read behind InitProducerId, and checked against the log. */
  readonly committed: () => Promise<number>;
}

/** A record that was read, or the reason why it is none. */
type Read =
  | { readonly slice: InputSlice; readonly record: ErrorRecord; readonly traceparent: string }
  | {
      readonly slice: InputSlice;
      readonly reason: DeadLetterReason;
      readonly detail: string;
      readonly error: string;
    };

const YIELD_MS = 50; // deciding gives the event loop back so often, so that heartbeats go on

/** Consume, decide, produce: a chunk is one Kafka transaction with its outputs, outcomes and offset. */
export function stageSink<Bodies extends KnowledgeBodies>(options: StageSinkOptions<Bodies>): PartitionSink {
  const { stage, topic, partition, writer, outputs, metrics, now } = options;
  let limit = new DeadLetterLimit();

  return {
    open: async () => {
      await writer.open();
      limit = new DeadLetterLimit();
      return options.committed();
    },
    close: async () => writer.close(),
    ...(topic === 'errors.delayed' ? { dueAt: (slice: InputSlice) => dueAt(slice, partition) } : {}),
    take: async (chunk) => {
      const began = performance.now();
      const reads = await readAll(options, chunk.slices);
      const at = now();
      const asks = reads.map((read) => ('record' in read ? stage.plan(read.record, at) : []));
      const answers = await options.answer(asks);
      const knowledge = options.knowledge();
      const out: OutputRecord[] = [];
      const tally = new Map<string, number>();
      let sliceBegan = performance.now();
      for (const [index, read] of reads.entries()) {
        const dead = decideOne(options, read, answers[index] ?? {}, knowledge, at, out, tally);
        limit.count(dead);
        if (performance.now() - sliceBegan > YIELD_MS) {
          await new Promise((resolve) => setImmediate(resolve));
          sliceBegan = performance.now();
        }
      }
      if (topic === 'errors.raw') out.push(outputs.outcome(rangeReport(options, chunk, at)));
      await writer.write(out, { groupId: options.groupId, topic, partition, offset: chunk.next });
      metrics.inc('faultline_records_received_total', { stage: stage.name, topic }, chunk.slices.length);
      for (const [labels, count] of tally) {
        const [outcome = '', reason = ''] = labels.split(' ');
        metrics.inc('faultline_outcomes_total', { stage: stage.name, outcome, reason }, count);
        if (outcome === 'dead-lettered')
          metrics.inc('faultline_dead_letters_total', { stage: stage.name, reason }, count);
      }
      if (chunk.slices.length > 0) {
        metrics.observe('faultline_stage_seconds', { stage: stage.name }, (performance.now() - began) / 1000);
      }
    },
  };
}

/** When a delayed record is due: behind its tier, and in the finest tier not before its own moment. */
export function dueAt(slice: InputSlice, partition: number): number {
  const tier = tierOfPartition(partition);
  if (tier > 0) return slice.timestamp + (delayTiersMs[tier] ?? 0);
  return Number(slice.headers[NOT_BEFORE_HEADER]?.toString('latin1') ?? 0);
}

async function readAll<Bodies extends KnowledgeBodies>(
  { topic, topicId, partition, codecs, admit }: StageSinkOptions<Bodies>,
  slices: readonly InputSlice[],
): Promise<readonly Read[]> {
  const values = slices.map(({ value }) => value);
  if (topic === 'errors.raw') {
    const events = codecs.reader('ErrorEvent');
    await events.prepare(values);
    return slices.map((slice) =>
      readOne(slice, () =>
        admit(events.decode(slice.value), { topicId, partition, offset: slice.offset }, slice.timestamp),
      ),
    );
  }
  const records = codecs.reader('ErrorRecord');
  await records.prepare(values);
  return slices.map((slice) => readOne(slice, () => records.decode(slice.value)));
}

function readOne(slice: InputSlice, decode: () => ErrorRecord): Read {
  try {
    const record = decode();
    const at = coordinateText(record.coordinate);
    const parent = readTraceparent(slice.headers['traceparent']);
    return { slice, record, traceparent: parent ?? nextTraceparent(undefined, at, '0'.repeat(15) + '1') };
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error;
    return { slice, reason: error.fault, detail: error.message, error: error.name };
  }
}

/** Decides on one record and adds what it makes to `out`; says whether it became a dead letter. */
function decideOne<Bodies extends KnowledgeBodies>(
  options: StageSinkOptions<Bodies>,
  read: Read,
  answers: Answers,
  knowledge: Knowledge<Bodies>,
  at: number,
  out: OutputRecord[],
  tally: Map<string, number>,
): boolean {
  const { stage, topic, partition, outputs, log } = options;
  const count = (outcome: string, reason: string): void => {
    const labels = `${outcome} ${reason}`;
    tally.set(labels, (tally.get(labels) ?? 0) + 1);
  };
  if (!('record' in read)) {
    pushDeadLetter(
      options,
      read.slice,
      coordinateOf(options, read.slice),
      read.reason,
      read.detail,
      read.error,
      at,
      out,
    );
    count('dead-lettered', read.reason);
    return true;
  }
  const { slice, record } = read;
  let advanced: Advance;
  let made: readonly OutputRecord[];
  try {
    const input = { topic, partition, offset: slice.offset };
    advanced = advance({ stage, record, input, answers, knowledge, now: at, traceparent: read.traceparent });
    const hop = nextTraceparent(read.traceparent, coordinateText(record.coordinate), advanced.outcome.id);
    made = outputs.of(advanced, hop, at);
  } catch (error) {
    // the fault of one record is not that of its neighbours
    log.error({ err: error, coordinate: record.coordinate }, 'a record met an unexpected exception');
    const detail = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
    const name = error instanceof Error ? error.name : typeof error;
    pushDeadLetter(options, slice, record.coordinate, 'unexpected-exception', detail, name, at, out);
    count('dead-lettered', 'unexpected-exception');
    return true;
  }
  out.push(...made);
  count(advanced.outcome.to ?? '', advanced.outcome.reason ?? '');
  if (advanced.move.kind !== 'dead-letter') return false;
  const { reason, why } = advanced.move;
  out.push(
    deadLetterOf(
      slice,
      { topic, partition, stage: stage.name, reason, detail: why, exceptionClass: 'Decision', at },
      options.deadLetterPartitions,
    ),
  );
  return true;
}

function coordinateOf<Bodies extends KnowledgeBodies>(
  { topicId, partition }: StageSinkOptions<Bodies>,
  slice: InputSlice,
): Coordinate {
  return { topicId, partition, offset: slice.offset };
}

function pushDeadLetter<Bodies extends KnowledgeBodies>(
  { stage, topic, partition, outputs, deadLetterPartitions }: StageSinkOptions<Bodies>,
  slice: InputSlice,
  coordinate: Coordinate,
  reason: DeadLetterReason,
  detail: string,
  exceptionClass: string,
  at: number,
  out: OutputRecord[],
): void {
  const cause = { topic, partition, stage: stage.name, reason, detail, exceptionClass, at };
  out.push(deadLetterOf(slice, cause, deadLetterPartitions));
  out.push(
    outputs.outcome(
      wholeOutcome({
        id: deadLetterTransitionId(coordinate, stage.name),
        subject: 'record',
        stage: stage.name,
        at,
        coordinate,
        input: { topic, partition, offset: slice.offset },
        from: stateBefore(topic),
        to: 'dead-lettered',
        reason,
        why: detail.slice(0, 500),
        receivedAt: slice.timestamp,
      }),
    ),
  );
}

function rangeReport<Bodies extends KnowledgeBodies>(
  { stage, topicId, partition }: StageSinkOptions<Bodies>,
  chunk: Chunk,
  at: number,
): Outcome {
  return wholeOutcome({
    id: `range:${topicId}:${partition}:${chunk.from}`,
    subject: 'range',
    stage: stage.name,
    at,
    range: { topicId, partition, from: chunk.from, to: chunk.next, count: chunk.slices.length },
  });
}
