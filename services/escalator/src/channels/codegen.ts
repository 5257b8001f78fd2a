import { promptOf } from '../domain/agent-packet.ts';
import type { OutboundGuard } from '../outbound-guard.ts';
import {
  doneWith,
  type Channel,
  type Notice,
  type Reference,
  type RunSeen,
  type SendResult,
} from './channel.ts';
import { failedAnswer, failedCall } from './http-result.ts';

/** Options of the Codegen channel. */
export interface CodegenOptions {
  readonly url: string;
  readonly key: string;
  readonly organization: string;
  readonly guard: OutboundGuard;
  readonly timeoutMs: number;
  readonly now: () => number;
}

interface CodegenPayload {
  readonly prompt: string;
  readonly metadata: { readonly faultline_effect: string; readonly faultline_incident: string };
}

interface Run {
  readonly id: number | string;
  readonly status?: string | null;
  readonly web_url?: string | null;
  readonly github_pull_requests?: readonly { readonly url?: string | null }[] | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

/** Runs of one page, and pages that are looked through for a run of ours: newest first. */
const PAGE = 100;
const PAGES = 3;

const render = ({ effectId, incident }: Notice): CodegenPayload => ({
  prompt: incident.packet === null ? `${incident.title}\n\n${incident.summary}` : promptOf(incident.packet),
  metadata: { faultline_effect: effectId, faultline_incident: incident.id },
});

const referenceOf = ({ id, web_url: url }: Run): Reference => ({ reference: String(id), url: url ?? null });

const failed: ReadonlySet<string> = new Set(['failed', 'error', 'cancelled', 'stopped']);

/** What a run says of itself; its status is free text, in either case. */
function seenOf({ status, web_url: watch, github_pull_requests: changes }: Run): RunSeen {
  const word = (status ?? '').toLowerCase();
  const url = changes?.[0]?.url ?? watch ?? null;
  const kind =
    word === 'complete' || word === 'completed' ? 'complete' : failed.has(word) ? 'failed' : 'running';
  return { kind, status: word, url };
}

/** Codegen agent runs: class C, it takes no id of ours, so that runs are looked through for ours before each call. */
export function codegenChannel(options: CodegenOptions): Channel {
  const { guard, timeoutMs, now } = options;
  const base = `${options.url.replace(/\/+$/, '')}/v1/organizations/${encodeURIComponent(options.organization)}/agent`;
  const target = new URL(base);

  const call = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${base}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { authorization: `Bearer ${options.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw new FailedAnswer(failedAnswer(response.status, text, response.headers.get('retry-after'), now()));
  };

  const find = async (effectId: string): Promise<Run | undefined> => {
    for (let page = 0; page < PAGES; page += 1) {
      const listed = (await call(`/runs?skip=${page * PAGE}&limit=${PAGE}`, undefined)) as {
        items?: readonly Run[];
      };
      const items = listed.items ?? [];
      const ours = items.find(({ metadata }) => metadata?.['faultline_effect'] === effectId);
      if (ours !== undefined || items.length < PAGE) return ours;
    }
    return undefined;
  };

  return {
    name: 'codegen',
    target: `${target.origin}${target.pathname}`,
    batch: 1,
    requests: PAGES + 1,
    minIntervalMs: 6_000, // 10 runs a minute
    render,
    poll: async (reference) => {
      try {
        await guard(target);
        return seenOf((await call(`/run/${encodeURIComponent(reference)}`, undefined)) as Run);
      } catch {
        return { kind: 'running', status: 'not seen', url: null };
      }
    },
    send: async (outgoing): Promise<SendResult> => {
      const [first] = outgoing;
      if (first === undefined) return doneWith([], { reference: null, url: null });
      let asked = false;
      try {
        await guard(target);
        const before = await find(first.effectId);
        if (before !== undefined) return doneWith(outgoing, referenceOf(before));
        asked = true;
        return doneWith(outgoing, referenceOf((await call('/run', first.payload)) as Run));
      } catch (error) {
        const result = error instanceof FailedAnswer ? error.result : failedCall(error);
        return result.kind === 'retry' ? { ...result, doubtful: result.doubtful && asked } : result;
      }
    },
  };
}

class FailedAnswer extends Error {
  readonly result: SendResult;

  constructor(result: SendResult) {
    super('the call was answered with a failure');
    this.result = result;
  }
}
