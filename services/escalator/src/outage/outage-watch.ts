import { hashOf } from '@faultline/stream';
import type { Channel, Channels, SendResult } from '../channels/channel.ts';
import type { EffectKind } from '../domain/effect.ts';
import { outageIncident } from '../domain/outage-incident.ts';

/** What the watch needs. */
export interface OutageWatchOptions {
  /** Rejects while the store is away. */
  readonly ask: () => Promise<void>;
  readonly channels: Channels;
  readonly now: () => number;
  /** How long the store must be away before anybody is told. */
  readonly patienceMs: number;
  readonly onTold: (channel: string, result: SendResult['kind']) => void;
}

/** In this order the first configured channel that takes the notice is told. */
const critical = ['pagerduty', 'webhook', 'slack', 'email'] as const;

interface Outage {
  readonly since: number;
  readonly error: string;
  /** Who was told, once somebody was. */
  readonly told: Channel | undefined;
}

/**
 * Watches the store that incidents are kept in. Where it is away for longer than the patience, a person is told
 * directly, past the store, and told again when it is back.
 */
export class OutageWatch {
  readonly #options: OutageWatchOptions;
  #outage: Outage | undefined;

  constructor(options: OutageWatchOptions) {
    this.#options = options;
  }

  /** One look: call it every few seconds. */
  async look(): Promise<void> {
    const error = await this.#options.ask().then(
      () => undefined,
      (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
    );
    const now = this.#options.now();
    if (error === undefined) {
      const ended = this.#outage;
      this.#outage = undefined;
      if (ended?.told !== undefined) await this.#tell(ended, 'resolve', now, [ended.told]);
      return;
    }
    this.#outage ??= { since: now, error, told: undefined };
    if (this.#outage.told !== undefined || now - this.#outage.since < this.#options.patienceMs) return;
    const { channels } = this.#options;
    const told = await this.#tell(
      this.#outage,
      'open',
      now,
      critical.flatMap((name) => channels[name] ?? []),
    );
    if (this.#outage !== undefined) this.#outage = { ...this.#outage, told };
  }

  /** Tells the first channel that takes it. */
  async #tell(
    outage: Outage,
    kind: EffectKind,
    now: number,
    channels: readonly Channel[],
  ): Promise<Channel | undefined> {
    const incident = outageIncident({ ...outage, ended: kind === 'resolve' ? now : null });
    for (const channel of channels) {
      const effectId = hashOf('outage', channel.name, kind, outage.since).slice(0, 32);
      const payload = channel.render({ effectId, kind, incident, at: now, url: null });
      const result = await channel.send([{ effectId, kind, payload, attempt: 1, doubtful: false }]);
      this.#options.onTold(channel.name, result.kind);
      if (result.kind === 'done') return channel;
    }
    return undefined; // the next look tries again
  }
}
