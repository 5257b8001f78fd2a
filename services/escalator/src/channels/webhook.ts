import { createHmac } from 'node:crypto';
import type { EffectKind } from '../domain/effect.ts';
import type { OutboundGuard } from '../outbound-guard.ts';
import { doneWith, type Channel, type Notice } from './channel.ts';
import { failedAnswer, failedCall } from './http-result.ts';

/** Options of the webhook channel. */
export interface WebhookOptions {
  readonly url: string;
  /** Secrets, `whsec_` and base64, separated by spaces; each one signs. */
  readonly secret: string;
  readonly guard: OutboundGuard;
  readonly timeoutMs: number;
  readonly now: () => number;
}

const typeOfKind: Readonly<Record<EffectKind, string>> = {
  open: 'incident.opened',
  update: 'incident.updated',
  repeat: 'incident.repeated',
  reopen: 'incident.reopened',
  acknowledge: 'incident.acknowledged',
  resolve: 'incident.resolved',
  expire: 'incident.expired',
};

/** Signatures of a message by each secret (Standard Webhooks 1.0: HMAC-SHA256 over `id.seconds.body`). */
export function signatures(secret: string, id: string, seconds: number, body: string): string {
  return secret
    .split(/\s+/)
    .filter((one) => one !== '')
    .map((one) => {
      const key = Buffer.from(one.replace(/^whsec_/, ''), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
    })
    .join(' ');
}

function render({ kind, incident, at, url }: Notice): unknown {
  const { id, groupKey, episode, previous, status, level, severity, priority, title, summary, repository } =
    incident;
  return {
    type: typeOfKind[kind],
    timestamp: new Date(at).toISOString(),
    data: {
      incident: {
        id,
        groupKey,
        episode,
        previous,
        status,
        level,
        severity,
        priority,
        title,
        summary,
        repository,
      },
      records: incident.records,
      openedAt: new Date(incident.openedAt).toISOString(),
      deadline: incident.deadline,
      policy: incident.policy,
      route: incident.route,
      url,
      links: incident.links,
    },
  };
}

/** Signed webhooks: class A, since the receiver gets the same `webhook-id` however often we call. */
export function webhookChannel({ url, secret, guard, timeoutMs, now }: WebhookOptions): Channel {
  const target = new URL(url);
  return {
    name: 'webhook',
    target: `${target.origin}${target.pathname}`,
    batch: 1,
    requests: 1,
    minIntervalMs: 0,
    render,
    send: async (outgoing) => {
      const [first] = outgoing;
      if (first === undefined) return doneWith([], { reference: null, url: null });
      const body = JSON.stringify(first.payload);
      const seconds = Math.floor(now() / 1_000);
      try {
        await guard(target);
        const response = await fetch(target, {
          method: 'POST',
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
          headers: {
            'content-type': 'application/json',
            'user-agent': 'faultline',
            'webhook-id': first.effectId,
            'webhook-timestamp': String(seconds),
            'webhook-signature': signatures(secret, first.effectId, seconds, body),
          },
          body,
        });
        const answer = await response.text();
        if (response.ok) return doneWith(outgoing, { reference: first.effectId, url: null });
        return failedAnswer(response.status, answer, response.headers.get('retry-after'), now());
      } catch (error) {
        return failedCall(error);
      }
    },
  };
}
