import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Helper } from './scenario.ts';
import { makeCertificates } from './servers/certificates.ts';
import { startKafka } from './servers/kafka.ts';
import { startLocalServers } from './servers/local-servers.ts';
import { startPostgres } from './servers/postgres.ts';

/** What runs beside the scenarios of one run. */
export interface Helpers {
  /** Folder of the certificates made for this run. */
  readonly certificates: string;
  /** Starts a helper the first time that it is asked for. */
  readonly ensure: (helper: Helper) => Promise<void>;
  /** Stops everything and removes its files. */
  readonly stop: () => Promise<void>;
}

const starters: Readonly<Record<Helper, (folder: string) => Promise<() => Promise<void>>>> = {
  postgres: startPostgres,
  kafka: startKafka,
};

/** Starts the local servers; others start when asked for. */
export async function startHelpers(): Promise<Helpers> {
  const folder = realpathSync(mkdtempSync(`${tmpdir()}/corpus-helpers-`));
  chmodSync(folder, 0o755);
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 200 });
  };
  const certificates = makeCertificates(`${folder}/certificates`);
  const stops: (() => void | Promise<void>)[] = [];
  try {
    stops.push(await startLocalServers(certificates));
  } catch (error) {
    remove();
    throw error;
  }
  const started = new Map<Helper, Promise<void>>();
  return {
    certificates: certificates.folder,
    ensure: (helper) => {
      const running =
        started.get(helper) ??
        starters[helper](`${folder}/${helper}`).then((stop) => {
          stops.push(stop);
        });
      started.set(helper, running);
      return running;
    },
    stop: async () => {
      for (const stop of [...stops].reverse()) await stop();
      remove();
    },
  };
}
