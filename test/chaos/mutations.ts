import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FaultName } from './fault-names.ts';

/** Names of the guarantees that can be broken on purpose. */
export const mutationNames = [
  'offset-outside-transaction',
  'skip-reread',
  'drop-compare-and-set',
  'reuse-tainted-producer',
  'random-effect-id',
  'early-delay',
  'claim-forgets-coordinate',
  'outbox-reads-before-init',
  'read-uncommitted',
  'own-transactional-id',
] as const;
/** Name of a mutation. */
export type MutationName = (typeof mutationNames)[number];

interface Edit {
  /** File in the tree. */
  readonly file: string;
  /** Text that stands there once. */
  readonly find: string;
  readonly replace: string;
}

/** A guarantee, broken on purpose. */
export interface Mutation {
  /** What is broken, in a sentence. */
  readonly what: string;
  readonly edits: readonly Edit[];
  /** Faults that bring it to light. */
  readonly faults: readonly FaultName[];
  readonly minutes: number;
}

const runtime = 'services/platform/src/runtime';
const kafka = 'services/platform/src/kafka';

/** Every mutation, by name. */
export const mutations: Readonly<Record<MutationName, Mutation>> = {
  'offset-outside-transaction': {
    what: 'the records are committed first, and the offset in a transaction of its own',
    edits: [
      {
        file: `${kafka}/transactional-writer.ts`,
        find: `      await transaction.sendOffsets({`,
        replace: `      await transaction.commit();
      const second = await producer.transaction();
      await second.sendOffsets({`,
      },
      {
        file: `${kafka}/transactional-writer.ts`,
        find: `      step = 'commit';
      await transaction.commit();`,
        replace: `      step = 'commit';
      await second.commit();`,
      },
    ],
    faults: ['crash-points', 'end-txn'],
    minutes: 0.7,
  },
  'skip-reread': {
    what: 'after a failed transaction the same records are written again, whatever the committed offset says',
    edits: [
      {
        file: `${runtime}/partition-loop.ts`,
        find: `if (this.#fetchPosition < 0 || offset !== this.#position) this.#restartAt(offset);`,
        replace: `if (this.#fetchPosition < 0) this.#restartAt(offset);`,
      },
    ],
    faults: ['end-txn', 'kill-service'],
    minutes: 0.7,
  },
  'drop-compare-and-set': {
    what: 'an inbox sets its offset without comparing it',
    edits: [
      {
        file: `${runtime}/inbox-sink.ts`,
        find: `WHERE consumer = $1 AND topic = $2 AND part = $3 AND off = $4`,
        replace: `WHERE consumer = $1 AND topic = $2 AND part = $3 AND $4::bigint IS NOT NULL`,
      },
    ],
    faults: ['pause-service', 'scale', 'kill-service'],
    minutes: 1.2,
  },
  'reuse-tainted-producer': {
    what: 'a producer whose request has timed out or failed goes on',
    edits: [
      {
        file: `${kafka}/transactional-writer.ts`,
        find: `    await this.close();
    const producer = this.#kafka().producer({`,
        replace: `    if (this.#producer !== undefined) {
      this.#tainted = false;
      return;
    }
    const producer = this.#kafka().producer({`,
      },
    ],
    faults: ['end-txn', 'kill-service'],
    minutes: 0.7,
  },
  'random-effect-id': {
    what: 'each call to an outside system goes under an id of its own',
    edits: [
      {
        file: 'services/escalator/src/effects/drive-effect.ts',
        find: `      effectId: one.id,
      kind: one.kind,
      payload,`,
        replace: `      effectId: globalThis.crypto.randomUUID(),
      kind: one.kind,
      payload,`,
      },
    ],
    faults: ['outside', 'kill-service'],
    minutes: 0.6,
  },
  'early-delay': {
    what: 'a delayed record is taken half a second before it is due',
    edits: [
      {
        file: `${runtime}/stage-sink.ts`,
        find: `  if (tier > 0) return slice.timestamp + (delayTiersMs[tier] ?? 0);
  return Number(slice.headers[NOT_BEFORE_HEADER]?.toString('latin1') ?? 0);`,
        replace: `  if (tier > 0) return slice.timestamp + (delayTiersMs[tier] ?? 0) - 500;
  return Number(slice.headers[NOT_BEFORE_HEADER]?.toString('latin1') ?? 0) - 500;`,
      },
      {
        file: 'services/retrier/src/stage.ts',
        find: `now < scheduled.nextAt`,
        replace: `now < scheduled.nextAt - 500`,
      },
      {
        file: 'services/retrier/src/domain/proceed.ts',
        find: `if (now < nextAt)`,
        replace: `if (now < nextAt - 500)`,
      },
    ],
    faults: ['kill-service'],
    minutes: 0.5,
  },
  'claim-forgets-coordinate': {
    what: 'an id belongs to whoever inserted it in this call, and to nobody after an abort',
    edits: [
      {
        file: 'services/platform/src/postgres/claims.ts',
        find: `      await pool.query({
        name: 'claim',`,
        replace: `      const { rows: mine } = await pool.query<ClaimRow>({
        name: 'claim',`,
      },
      {
        file: 'services/platform/src/postgres/claims.ts',
        find: `               ON CONFLICT (kind, id) DO NOTHING\`,`,
        replace: `               ON CONFLICT (kind, id) DO NOTHING
               RETURNING kind, id, topic_id, part, off, payload_hash\`,`,
      },
      {
        file: 'services/platform/src/postgres/claims.ts',
        find: `      return held;`,
        replace: `      const own = new Set(mine.map(({ kind, id }) => \`\${kind} \${id}\`));
      return held.map((row) => (own.has(\`\${row.kind} \${row.id}\`) ? row : { ...row, off: '-1' }));`,
      },
    ],
    faults: ['crash-points', 'kill-service'],
    minutes: 0.7,
  },
  'outbox-reads-before-init': {
    what: 'the outbox reads how far it is before it has fenced the one before',
    edits: [
      {
        file: `${runtime}/outbox-component.ts`,
        find: `      await writer.open();
      sent = (await readCommitted(admin, groupId, SEQUENCE_TOPIC, partition)) ?? 0;`,
        replace: `      const before = (await readCommitted(admin, groupId, SEQUENCE_TOPIC, partition)) ?? 0;
      await pause(POLL_MS);
      await writer.open();
      sent = before;`,
      },
    ],
    faults: ['kill-service', 'pause-service'],
    minutes: 0.7,
  },
  'read-uncommitted': {
    what: 'stages read what was not committed',
    edits: [
      {
        file: `${kafka}/partition-feed.ts`,
        find: `    readUncommitted: false,`,
        replace: `    readUncommitted: true,`,
      },
    ],
    faults: ['crash-points', 'kill-service'],
    minutes: 0.7,
  },
  'own-transactional-id': {
    what: 'each instance has transactional ids of its own, so that nobody fences a zombie',
    edits: [
      {
        file: `${runtime}/stage-component.ts`,
        find: `        transactionalId: \`\${groupId}.\${topic}.\${partition}\`,`,
        replace: `        transactionalId: \`\${groupId}.\${topic}.\${partition}.\${process.pid}\`,`,
      },
    ],
    faults: ['pause-service', 'kill-service', 'crash-points'],
    minutes: 1,
  },
};

/** Applies a mutation to a tree, and gives how to take it back. Throws where a text is not there exactly once. */
export async function mutate(tree: string, { edits }: Mutation): Promise<() => Promise<void>> {
  const originals = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const where = path.join(tree, file);
    const text = await readFile(where, 'utf8');
    if (!originals.has(where)) originals.set(where, text);
    if (text.split(find).length !== 2) throw new Error(`${file} does not hold once: ${find}`);
    await writeFile(
      where,
      text.replace(find, () => replace),
    );
  }
  return async () => {
    for (const [where, text] of originals) await writeFile(where, text);
  };
}
