import type { RerunKind } from '@faultline/schemas';
import { breakerDefaults } from '@faultline/stream';
import type { RetrierConfig } from './config.ts';
import { withBreaker, type BreakerListener } from './executors/breaking.ts';
import { tableCredentials } from './executors/credentials.ts';
import type { Clock, Executor } from './executors/executor.ts';
import { guardedHttp } from './executors/http-call.ts';
import { createHttpExecutor } from './executors/http.ts';
import { createKafkaExecutor, type RepublishPort } from './executors/kafka.ts';
import { outboundGuard } from './executors/outbound-guard.ts';

/** What the executors need of the process that they run in. */
export interface ExecutorPorts {
  readonly now: Clock;
  /** Absent where records cannot be published again. */
  readonly republish?: RepublishPort;
  readonly onBreaker?: BreakerListener;
}

/** The executors that a configuration allows, by kind of rerun, each target behind a breaker. */
export function createExecutors(
  config: RetrierConfig,
  { now, republish, onBreaker }: ExecutorPorts,
): Partial<Record<RerunKind, Executor>> {
  const behindBreaker = (executor: Executor): Executor =>
    withBreaker(executor, breakerDefaults, now, onBreaker);
  const http = createHttpExecutor({
    client: guardedHttp(outboundGuard(config.FAULTLINE_OUTBOUND_ALLOW)),
    credentials: tableCredentials(config.FAULTLINE_CREDENTIALS),
    now,
  });
  if (republish === undefined) return { http: behindBreaker(http) };
  const kafka = createKafkaExecutor({ port: republish, topics: config.FAULTLINE_REPUBLISH_TOPICS, now });
  return { http: behindBreaker(http), kafka: behindBreaker(kafka) };
}
