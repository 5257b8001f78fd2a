import type { Component, ServiceContext } from '@faultline/platform';
import type { AnalyticsConfig } from '../config.ts';
import { LineMetrics } from './line-metrics.ts';
import { readLine } from './read-line.ts';
import { keepHistory } from './retention.ts';
import { settleRanges } from './settle.ts';

/** Partitions are looked after once in ten minutes. */
const RETENTION_INTERVAL_MS = 600_000;

/** Proves the ranges that the classifier reports, sets the metrics of the line, and looks after partitions. */
export function ledgerComponent(config: AnalyticsConfig): Component {
  return {
    name: 'ledger',
    start: async (context) => {
      const stopping = new AbortController();
      const running = run(config, context, stopping.signal);
      return {
        stop: async () => {
          stopping.abort();
          await running;
        },
      };
    },
  };
}

async function run(config: AnalyticsConfig, context: ServiceContext, signal: AbortSignal): Promise<void> {
  const metrics = new LineMetrics(context.metrics);
  let kept = 0;
  while (!signal.aborted) {
    try {
      const now = Date.now();
      if (now - kept >= RETENTION_INTERVAL_MS) {
        const dropped = await keepHistory(context.pool, config, now);
        if (dropped.length > 0) context.log.info({ dropped }, 'dropped days past their retention');
        kept = now;
      }
      await check(context, metrics, now);
      context.health.up('ledger');
    } catch (error) {
      context.health.down('ledger', error, 'check that Postgres answers at DATABASE_URL');
      context.log.warn({ err: error }, 'the line ledger could not be checked');
    }
    await pause(config.FAULTLINE_LEDGER_INTERVAL_MS, signal);
  }
}

async function check({ pool }: ServiceContext, metrics: LineMetrics, now: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await settleRanges(client, now);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
  await metrics.update(pool, await readLine(pool, now), now);
}

/** Resolves after `ms`, or as soon as the signal fires. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
