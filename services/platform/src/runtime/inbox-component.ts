import type { TopicName } from '@faultline/schemas';
import { startFeed } from '../kafka/partition-feed.ts';
import { startOffset } from '../kafka/start-offset.ts';
import { readLogRange } from '../kafka/topology.ts';
import type { Component, Running, ServiceContext } from '../lifecycle/component.ts';
import { checkedTopology } from '../lifecycle/topology-check.ts';
import { failPoints } from './fail-points.ts';
import { inboxSink } from './inbox-sink.ts';
import type { InboxSpec } from './inbox-types.ts';
import { brokerHealth, loopOptions } from './loop-options.ts';
import { PartitionLoop } from './partition-loop.ts';

/** Runs an inbox: each partition of its topic into Postgres, exactly once. */
export function inboxComponent<Topic extends TopicName>(spec: InboxSpec<Topic>): Component {
  return { name: spec.group, start: async (context) => startInbox(spec, context) };
}

async function startInbox<Topic extends TopicName>(
  spec: InboxSpec<Topic>,
  context: ServiceContext,
): Promise<Running> {
  const { config, kafka, pool, log } = context;
  const groupId = `${config.FAULTLINE_GROUP_PREFIX}.${spec.group}`;
  const clientId = `${groupId}.${config.FAULTLINE_INSTANCE}`;
  const admin = kafka.client(clientId).admin();
  await admin.connect();
  const topology = await checkedTopology(admin, pool, [spec.topic]);
  const crash = failPoints(config.FAULTLINE_FAIL_POINT, () => process.kill(process.pid, 'SIGKILL'));
  const feed = await startFeed({
    connection: kafka,
    clientId,
    groupId,
    topics: [spec.topic],
    sessionTimeoutMs: config.FAULTLINE_SESSION_TIMEOUT_MS,
    onFatal: context.fatal,
    onStall: (stalled) => brokerHealth(context, spec.group, stalled),
    onJoin: (partitions) => {
      log.info({ partitions }, 'joined');
      context.health.forget(`${spec.group}:`);
      context.health.up(`${spec.group}-group`);
    },
    assigned: (control) => {
      const { topic, partition } = control;
      const range = async () => readLogRange(admin, topic, partition);
      const sink = inboxSink({
        spec,
        context,
        consumer: groupId,
        partition,
        topicId: topology.topics.get(topic)?.topicId ?? '',
        failPoints: crash,
        logStart: async () => (await range()).low,
        check: async (offset) => {
          startOffset(offset, await range(), { topic, partition, group: groupId });
        },
        display: control.display,
      });
      return new PartitionLoop(sink, control, loopOptions(context, spec.group, groupId, topic, partition));
    },
  });
  return {
    stop: async () => {
      await feed.stop();
      await admin.disconnect().catch(() => undefined);
    },
  };
}
