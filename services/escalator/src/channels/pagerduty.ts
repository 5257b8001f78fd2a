import type { Severity } from '@faultline/schemas';
import type { EffectKind } from '../domain/effect.ts';
import { oneLine } from '../domain/markdown.ts';
import type { OutboundGuard } from '../outbound-guard.ts';
import { doneWith, type Channel, type Notice } from './channel.ts';
import { failedAnswer, failedCall } from './http-result.ts';

/** Options of the PagerDuty channel. */
export interface PagerDutyOptions {
  /** Base URL of the Events API, or the whole address. */
  readonly url: string;
  readonly routingKey: string;
  readonly guard: OutboundGuard;
  readonly timeoutMs: number;
  readonly now: () => number;
}

const MAX_SUMMARY = 1_024; // PagerDuty Events API v2

const actionOf: Readonly<Record<EffectKind, 'trigger' | 'acknowledge' | 'resolve'>> = {
  open: 'trigger',
  update: 'trigger',
  repeat: 'trigger',
  reopen: 'trigger',
  expire: 'trigger',
  acknowledge: 'acknowledge',
  resolve: 'resolve',
};
const severityOf: Readonly<Record<Severity, 'critical' | 'error' | 'warning' | 'info'>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  UNKNOWN: 'warning',
};

function render({ kind, incident, at, url }: Notice): unknown {
  const action = actionOf[kind];
  const head = { event_action: action, dedup_key: incident.id };
  if (action !== 'trigger') return head;
  const title = kind === 'expire' ? `Nobody ended it in time: ${incident.title}` : incident.title;
  return {
    ...head,
    payload: {
      summary: oneLine(title, MAX_SUMMARY),
      source: incident.repository ?? 'faultline',
      severity: kind === 'expire' ? 'critical' : severityOf[incident.severity],
      timestamp: new Date(at).toISOString(),
      group: incident.groupKey,
      class: incident.facts['category'] ?? 'unknown',
      custom_details: {
        records: incident.records,
        level: incident.level,
        summary: incident.summary.slice(0, 4_000),
      },
    },
    ...(url === null ? {} : { links: [{ href: url, text: 'The incident' }] }),
  };
}

/** PagerDuty Events v2: class A, since `dedup_key` is our incident. The key is added on sending, so that it is stored nowhere. */
export function pagerdutyChannel({ url, routingKey, guard, timeoutMs, now }: PagerDutyOptions): Channel {
  const base = url.replace(/\/+$/, '');
  const target = new URL(base.endsWith('/v2/enqueue') ? base : `${base}/v2/enqueue`);
  return {
    name: 'pagerduty',
    target: `${target.origin}${target.pathname}`,
    batch: 1,
    requests: 1,
    minIntervalMs: 0,
    render,
    send: async (outgoing) => {
      const [first] = outgoing;
      if (first === undefined) return doneWith([], { reference: null, url: null });
      try {
        await guard(target);
        const response = await fetch(target, {
          method: 'POST',
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ routing_key: routingKey, ...(first.payload as object) }),
        });
        const answer = await response.text();
        if (response.status !== 202) {
          return failedAnswer(response.status, answer, response.headers.get('retry-after'), now());
        }
        const { dedup_key: key } = first.payload as { readonly dedup_key: string };
        return doneWith(outgoing, { reference: key, url: null });
      } catch (error) {
        return failedCall(error);
      }
    },
  };
}
