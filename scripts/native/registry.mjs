import path from 'node:path';
import { javaCommand } from './java.mjs';
import { probeHttp, untilReady } from './probe.mjs';
import { spawnLogged } from './spawn-logged.mjs';

/** Path of the Confluent API of Apicurio Registry. */
export const confluentPath = '/apis/ccompat/v7';

/**
 * Starts Apicurio Registry with its state in the broker (topics kafkasql-*), so that it needs no
 * folder of its own and survives a kill. It may be started beside the broker: it waits for it.
 *
 * @param {{
 *   port: number, bootstrap: string, logDir: string, heapMb: number, timeoutMs: number, tether: boolean,
 *   artifacts: import('./artifacts.mjs').Artifacts,
 * }} plan
 */
export async function startRegistry(plan) {
  const logFile = path.join(plan.logDir, 'registry.log');
  const registry = await spawnLogged({
    command: javaCommand(),
    args: [
      `-Xmx${plan.heapMb}m`,
      '-XX:+UseSerialGC',
      // Half its start is compiling code that runs once.
      '-XX:TieredStopAtLevel=1',
      '-XX:+ExitOnOutOfMemoryError',
      `-Dquarkus.http.port=${plan.port}`,
      '-Dquarkus.http.host=127.0.0.1',
      '-jar',
      plan.artifacts.registryJar,
    ],
    env: {
      ...process.env,
      APICURIO_STORAGE_KIND: 'kafkasql',
      APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: plan.bootstrap,
    },
    logFile,
    tether: plan.tether,
  });
  const origin = `http://127.0.0.1:${plan.port}`;
  return {
    ...registry,
    url: origin + confluentPath,
    ready: untilReady({
      name: 'the schema registry',
      probe: async () => {
        await probeHttp(`${origin}/health/ready`);
        await probeHttp(`${origin}${confluentPath}/subjects`);
      },
      timeoutMs: plan.timeoutMs,
      process: registry,
      logFile,
      remedy: 'the log names the reason; the broker must be reachable, and Java 17 or later',
    }),
  };
}
