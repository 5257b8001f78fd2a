import type { ComponentHealth, Health } from '@faultline/platform';
import type { Pool } from 'pg';

/** A dependency and how it is asked whether it works. */
export interface Probe {
  readonly name: string;
  readonly remedy: string;
  /** Rejects where it does not. */
  readonly check: (signal: AbortSignal) => Promise<void>;
}

/** How a part of the system does. */
export interface PartHealth {
  readonly name: string;
  readonly state: 'up' | 'down' | 'unused';
  /** Since when, in milliseconds since the epoch; null where it was never asked. */
  readonly since: number | null;
  readonly lastError: string | null;
  readonly remedy: string | null;
}

/** Answer of GET /health. */
export interface SystemHealth {
  readonly v: 1;
  /** `degraded`: something is down, and what does not need it goes on. */
  readonly state: 'up' | 'degraded';
  readonly at: number;
  readonly components: readonly PartHealth[];
  readonly database: PartHealth;
  readonly broker: PartHealth;
  readonly registry: PartHealth;
  readonly integrations: readonly PartHealth[];
}

const CHECK_MS = 4_000;

/** Asks each dependency once; a probe that takes long counts as down. */
export async function checkAll(probes: readonly Probe[], health: Health): Promise<void> {
  await Promise.all(
    probes.map(async ({ name, remedy, check }) => {
      const signal = AbortSignal.timeout(CHECK_MS);
      const late = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error(`no answer within ${CHECK_MS} ms`)), {
          once: true,
        });
      });
      try {
        await Promise.race([check(signal), late]);
        health.up(name);
      } catch (error) {
        health.down(name, error, remedy);
      }
    }),
  );
}

/** A component's health as the API shows it. */
export const partOf = (name: string, health: ComponentHealth | undefined): PartHealth =>
  health === undefined
    ? { name, state: 'unused', since: null, lastError: null, remedy: null }
    : {
        name,
        state: health.up ? 'up' : 'down',
        since: health.since,
        lastError: health.lastError,
        remedy: health.up ? null : health.remedy,
      };

/** Channels that an effect may go through. */
const channels = ['linear', 'codegen', 'slack', 'email', 'webhook', 'pagerduty'] as const;

interface Channel {
  readonly channel: string;
  readonly done: number | null;
  readonly failed: number | null;
  readonly last_error: string | null;
}

/** Each outside integration by what its last call came to. */
export async function integrationHealth(pool: Pool): Promise<readonly PartHealth[]> {
  const { rows } = await pool.query<Channel>(
    `select channel, (max(updated_at) filter (where state = 'done'))::float8 as done,
       (max(updated_at) filter (where last_error is not null and state <> 'done'))::float8 as failed,
       (array_agg(last_error order by updated_at desc) filter (where last_error is not null))[1] as last_error
     from effects group by channel`,
  );
  const names = [...new Set([...channels, ...rows.map(({ channel }) => channel)])].filter(
    (name) => name !== 'mailbox',
  );
  return names.map((name) => {
    const channel = rows.find((row) => row.channel === name);
    if (channel === undefined || (channel.done === null && channel.failed === null))
      return partOf(name, undefined);
    const down = (channel.failed ?? 0) > (channel.done ?? 0);
    return {
      name,
      state: down ? 'down' : 'up',
      since: down ? channel.failed : channel.done,
      lastError: channel.last_error,
      remedy: down
        ? `check the address and the credentials of ${name}, then see its effects on the incident`
        : null,
    };
  });
}
