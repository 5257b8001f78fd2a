import type { Component } from '@faultline/platform';
import { configuredChannels } from '../channels/configured-channels.ts';
import type { EscalatorConfig } from '../config.ts';
import { OutageWatch } from './outage-watch.ts';

const LOOK_MS = 5_000;
const PATIENCE_MS = 60_000;

/** Watches Postgres. It must be the first component, since those behind it wait for Postgres to start. */
export function outageComponent(config: EscalatorConfig): Component {
  return {
    name: 'outage-watch',
    start: async ({ pool, health, log, metrics }) => {
      const watch = new OutageWatch({
        ask: async () => {
          await pool.query('SELECT 1');
          health.up('postgres');
        },
        channels: configuredChannels(config, Date.now),
        now: Date.now,
        patienceMs: PATIENCE_MS,
        onTold: (channel, result) => metrics.inc('faultline_effects_total', { channel, result }),
      });
      let looking = Promise.resolve();
      const timer = setInterval(() => {
        looking = looking
          .then(async () => watch.look())
          .catch((error: unknown) => {
            log.error({ err: error }, 'the outage watch failed');
          });
      }, LOOK_MS);
      return {
        stop: async () => {
          clearInterval(timer);
          await looking;
        },
      };
    },
  };
}
