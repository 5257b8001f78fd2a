import { type Admin } from 'kafkajs';
import type { TopicName } from '@faultline/schemas';
import type { KnowledgeBodies } from '@faultline/stream';
import { startFeed } from '../kafka/partition-feed.ts';
import { republisher } from '../kafka/republisher.ts';
import { startOffset } from '../kafka/start-offset.ts';
import { readCommitted, readLogRange } from '../kafka/topology.ts';
import { TransactionalWriter } from '../kafka/transactional-writer.ts';
import type { Component, Running, ServiceContext } from '../lifecycle/component.ts';
import { checkedTopology } from '../lifecycle/topology-check.ts';
import { attemptStore } from '../postgres/attempts.ts';
import { claimStore, dropLapsedClaims } from '../postgres/claims.ts';
import { knowledgeSource } from '../postgres/knowledge-source.ts';
import { admission } from './admission.ts';
import { answerAll } from './answerer.ts';
import { failPoints } from './fail-points.ts';
import { brokerHealth, loopOptions } from './loop-options.ts';
import { Outputs } from './outputs.ts';
import { PartitionLoop } from './partition-loop.ts';
import { stageSink } from './stage-sink.ts';
import type { StageSpec } from './stage-types.ts';

/** Topics that any stage may write to. */
const OUTPUT_TOPICS: readonly TopicName[] = [
  'errors.classified',
  'errors.delayed',
  'errors.fixable',
  'errors.unresolved',
  'errors.escalated',
  'errors.outcomes',
  'errors.work',
  'errors.dead-letter',
];
const CLAIM_SWEEP_MS = 3_600_000;

/** Runs a stage on Kafka: one transaction for each chunk of each partition, all partitions side by side. */
export function stageComponent<Bodies extends KnowledgeBodies>(spec: StageSpec<Bodies>): Component {
  return { name: spec.stage.name, start: async (context) => startStage(spec, context) };
}

async function startStage<Bodies extends KnowledgeBodies>(
  { stage, inputs, executors }: StageSpec<Bodies>,
  context: ServiceContext,
): Promise<Running> {
  const { config, kafka, pool, log, metrics, codecs } = context;
  const groupId = `${config.FAULTLINE_GROUP_PREFIX}.${stage.name}`;
  const clientId = `${groupId}.${config.FAULTLINE_INSTANCE}`;
  const admin: Admin = kafka.client(clientId).admin();
  await admin.connect();
  const topology = await checkedTopology(admin, pool, [...new Set([...inputs, ...OUTPUT_TOPICS])]);
  const partitionsOf = (topic: TopicName): number => topology.topics.get(topic)?.partitions ?? 1;
  const knowledge = await knowledgeSource(pool, stage.knowledge, log);
  const republish = republisher(kafka, clientId);
  const attempts = attemptStore(pool, executors?.({ now: Date.now, republish }) ?? {}, Date.now);
  const claims = claimStore(pool);
  const outputs = new Outputs(codecs, partitionsOf);
  const crash = failPoints(config.FAULTLINE_FAIL_POINT, () => process.kill(process.pid, 'SIGKILL'));

  const feed = await startFeed({
    connection: kafka,
    clientId,
    groupId,
    topics: inputs,
    sessionTimeoutMs: config.FAULTLINE_SESSION_TIMEOUT_MS,
    onFatal: context.fatal,
    onStall: (stalled) => brokerHealth(context, stage.name, stalled),
    onJoin: (partitions) => {
      log.info({ partitions }, 'joined');
      metrics.reset('faultline_lag_records');
      context.health.forget(`${stage.name}:`);
      context.health.up(`${stage.name}-group`);
    },
    assigned: (control) => {
      const { topic, partition } = control;
      const writer = new TransactionalWriter({
        kafka: () => kafka.client(clientId),
        transactionalId: `${groupId}.${topic}.${partition}`,
        transactionTimeoutMs: config.FAULTLINE_TRANSACTION_TIMEOUT_MS,
        failPoints: crash,
      });
      const sink = stageSink({
        stage,
        topic: topic as (typeof inputs)[number],
        topicId: topology.topics.get(topic)?.topicId ?? '',
        partition,
        groupId,
        writer,
        codecs,
        outputs,
        deadLetterPartitions: partitionsOf('errors.dead-letter'),
        knowledge: knowledge.current,
        answer: async (asks) => answerAll(asks, claims, attempts.answer),
        admit: admission(config.FAULTLINE_RECORD_DEADLINE_MS),
        now: Date.now,
        metrics,
        log,
        committed: async () => {
          const committed = await readCommitted(admin, groupId, topic, partition);
          return startOffset(committed, await readLogRange(admin, topic, partition), {
            topic,
            partition,
            group: groupId,
          });
        },
      });
      return new PartitionLoop(sink, control, loopOptions(context, stage.name, groupId, topic, partition));
    },
  });
  const sweep = setInterval(() => {
    dropLapsedClaims(pool).catch((error: unknown) => log.warn({ err: error }, 'lapsed claims not dropped'));
  }, CLAIM_SWEEP_MS);
  sweep.unref();

  return {
    stop: async (deadlineMs) => {
      clearInterval(sweep);
      await feed.stop();
      await attempts.stop(deadlineMs);
      await republish.stop();
      await knowledge.stop();
      await admin.disconnect().catch(() => undefined);
    },
  };
}
