import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { hashOf } from '@faultline/stream';
import type { FailPoints, Metrics } from '@faultline/platform';
import type { Channel, Channels, Outgoing } from '../channels/channel.ts';
import { channelNames } from '../domain/policy.ts';
import type { EffectRow } from './effect-store.postgres.ts';

/** Results of effects: closed, the label of faultline_effects_total, at zero from the start. */
export const effectResults = [
  'done',
  'mailbox',
  'skipped',
  'delayed',
  'retried',
  'failed',
  'repeated',
] as const;
/** Result of an effect. */
export type EffectResult = (typeof effectResults)[number];

/** What driving an effect needs. */
export interface EffectDriver {
  readonly pool: Pool;
  readonly channels: Channels;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'inc'>;
  readonly failPoints: FailPoints;
  readonly now: () => number;
  readonly random: () => number;
  /** Time-out of one request, in milliseconds. */
  readonly timeoutMs: number;
  /** Page of an incident, where one is configured. */
  readonly pageOf: (incidentId: string) => string | null;
}

/** A call that was begun: committed, not made yet. */
export interface Call {
  readonly channel: Channel;
  readonly outgoing: readonly Outgoing[];
  readonly effects: readonly EffectRow[];
  readonly leaseUntil: number;
}

/** Sets the series of effects to zero, so that a first failure is a rise. */
export function startAtZero(metrics: Pick<Metrics, 'inc'>): void {
  for (const channel of channelNames) {
    for (const result of effectResults) metrics.inc('faultline_effects_total', { channel, result }, 0);
  }
}

/** Hash of the address that a channel calls, so that a changed one is tried again after another was gone. */
export const targetHash = (channel: Channel): string => hashOf('target', channel.target).slice(0, 16);
