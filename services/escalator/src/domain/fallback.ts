import type { ChannelName } from './policy.ts';

/** Order in which channels stand in for each other; the mailbox comes last and always takes it. */
const order: readonly ChannelName[] = ['pagerduty', 'slack', 'email', 'webhook', 'linear'];

/** Failures after which the next channel is told as well, while this one is tried on. */
export const FALLBACK_AFTER_ATTEMPTS = 5;

/** The channel to tell when one cannot be told: the first configured one that the incident does not use anyway. */
export function fallbackOf(
  failed: ChannelName,
  used: readonly ChannelName[],
  configured: readonly ChannelName[],
): ChannelName {
  return (
    order.find((channel) => channel !== failed && configured.includes(channel) && !used.includes(channel)) ??
    'mailbox'
  );
}

const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 300_000;

/** Wait before the next try: doubling from 2 s to 5 min, spread over its upper half; never less than asked for. */
export function retryDelayMs(attempts: number, retryAfterMs: number | null, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempts - 1, 20));
  return Math.max(Math.round(ceiling * (0.5 + random / 2)), retryAfterMs ?? 0);
}
