import type { Pool } from 'pg';
import type { ApiToken } from '../config.ts';
import type { SendEvent } from '../queries/dead-letters.ts';
import type { CostRates } from '../queries/groups.ts';
import type { SystemHealth } from './dependency-health.ts';

/** What the API needs of the world. */
export interface ApiDeps {
  readonly pool: Pool;
  readonly now: () => number;
  readonly tokens: readonly ApiToken[] | undefined;
  readonly requestsPerMinute: number;
  readonly rates: CostRates;
  readonly health: () => Promise<SystemHealth>;
  /** Sends an event of a dead letter to the line again. */
  readonly send: SendEvent;
  /** What is configured, without secrets. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Folder of the built page; undefined where it is not built. */
  readonly pageFolder: string | undefined;
  readonly onError: (error: unknown) => void;
}
