import {
  baselineSnapshots,
  Fault,
  type Knowledge,
  type KnowledgeBodies,
  type KnowledgeSpecs,
} from '@faultline/stream';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { KNOWLEDGE_CHANNEL, latestPublished, parseKnowledge, storeKnowledge } from './knowledge-store.ts';

/** What a stage knows now; one vector for a batch. */
export interface KnowledgeSource<Bodies extends KnowledgeBodies> {
  readonly current: () => Knowledge<Bodies>;
  readonly stop: () => Promise<void>;
}

const POLL_MS = 30_000; // behind LISTEN, for notices that a lost connection swallowed

/**
 * Stores the stage's baselines, loads what was published, and follows new versions. A malformed version is
 * refused and told; the one before stays in force.
 */
export async function knowledgeSource<Bodies extends KnowledgeBodies>(
  pool: Pool,
  specs: KnowledgeSpecs<Bodies>,
  log: Logger,
): Promise<KnowledgeSource<Bodies>> {
  const kinds = Object.keys(specs);
  let current = baselineSnapshots(specs);
  for (const kind of kinds)
    await storeKnowledge(pool, kind, specs[kind as keyof Bodies].baseline, 'baseline');

  const load = async (kind: string): Promise<void> => {
    const stored = await latestPublished(pool, kind);
    if (stored === undefined || current[kind as keyof Bodies]?.sha256 === stored.sha256) return;
    const snapshot = parseKnowledge(kind, stored, specs[kind as keyof Bodies].parse);
    current = { ...current, [kind]: snapshot };
    log.info({ kind, version: snapshot.version }, 'knowledge taken');
  };
  const refresh = async (): Promise<void> => {
    for (const kind of kinds) {
      await load(kind).catch((error: unknown) => log.error({ err: error, kind }, 'knowledge not taken'));
    }
  };
  for (const kind of kinds) {
    await load(kind).catch((error: unknown) => {
      if (!(error instanceof Fault) || error.code !== 'KNOWLEDGE_INVALID') throw error;
      log.error({ err: error, kind }, 'knowledge not taken; the baseline stays in force');
    });
  }

  const listener = listen(pool, (kind) => {
    if (kinds.includes(kind)) void refresh();
  });
  const poll = setInterval(() => {
    void refresh().then(() => listener.ensure());
  }, POLL_MS);
  poll.unref();
  listener.ensure();

  return {
    current: () => current,
    stop: async () => {
      clearInterval(poll);
      await listener.stop();
    },
  };
}

function listen(
  pool: Pool,
  onNotice: (payload: string) => void,
): { readonly ensure: () => void; readonly stop: () => Promise<void> } {
  let client: Promise<PoolClient | undefined> | undefined;
  const connect = async (): Promise<PoolClient | undefined> => {
    try {
      const connected = await pool.connect();
      connected.on('error', () => {
        client = undefined;
        connected.release(true);
      });
      connected.on('notification', ({ payload }) => onNotice(payload ?? ''));
      await connected.query(`LISTEN ${KNOWLEDGE_CHANNEL}`);
      return connected;
    } catch {
      client = undefined; // the poll tries again
      return undefined;
    }
  };
  return {
    ensure: () => {
      client ??= connect();
    },
    stop: async () => {
      (await client)?.release(true);
    },
  };
}
