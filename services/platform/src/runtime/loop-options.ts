import { Fault } from '@faultline/stream';
import type { ServiceContext } from '../lifecycle/component.ts';
import type { LoopOptions } from './partition-loop.ts';

const TRANSACTION_BYTES = 1_048_576;

/** Limits and callbacks of a loop as every runtime sets them: what is down shows in health, what is odd ends the service. */
export function loopOptions(
  context: ServiceContext,
  name: string,
  groupId: string,
  topic: string,
  partition: number,
): LoopOptions {
  const { metrics, health, config, log, fatal } = context;
  const component = `${name}:${topic}:${partition}`;
  return {
    maxRecords: config.FAULTLINE_BATCH_RECORDS,
    maxBytes: TRANSACTION_BYTES,
    log,
    now: Date.now,
    onDown: (error) => {
      log.warn({ err: error, topic, partition }, 'waiting');
      health.down(
        component,
        error,
        error instanceof Fault ? error.remedy : 'bring the broker back; the work goes on by itself',
      );
    },
    onUp: () => health.up(component),
    onAbort: (reason) => metrics.inc('faultline_aborts_total', { stage: name, reason }),
    onLag: (records) => metrics.set('faultline_lag_records', { topic, partition, group: groupId }, records),
    onFatal: fatal,
    onHalt: (fault) => {
      log.fatal({ err: fault, topic, partition }, 'the partition stops');
      health.down(component, fault, fault.remedy);
    },
  };
}

/** Tells health whether the broker answers a consumer. */
export function brokerHealth({ health, log }: ServiceContext, name: string, stalled: boolean): void {
  if (stalled) {
    log.warn('the broker does not answer');
    health.down(
      `${name}-group`,
      'the broker does not answer',
      'bring the broker back; the work goes on by itself',
    );
  } else {
    health.up(`${name}-group`);
  }
}
