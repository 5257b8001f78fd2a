import { IncomingWebhook, IncomingWebhookHTTPError, type FetchFunction } from '@slack/webhook';
import type { EffectKind } from '../domain/effect.ts';
import { clean, oneLine } from '../domain/markdown.ts';
import type { OutboundGuard } from '../outbound-guard.ts';
import { doneWith, type Channel, type Notice, type Outgoing } from './channel.ts';
import { failedAnswer, failedCall } from './http-result.ts';

/** Options of the Slack channel. */
export interface SlackOptions {
  readonly url: string;
  readonly guard: OutboundGuard;
  readonly timeoutMs: number;
  readonly now: () => number;
}

// Limits of Block Kit: a section of 3,000 characters, a header of 150, 50 blocks; about 13,000 in total give
// `msg_blocks_too_long`, so that a message stays below 10,000.
const MAX_HEADER = 150;
const MAX_SECTION = 3_000;
const MAX_TOTAL = 10_000;
const DIGEST = 20; // two blocks each, and a header: 41 of 50; 450 characters each: 9,000 of 10,000
const MAX_LINE = 450;
const ONE_A_SECOND_MS = 1_000;

const wordOf: Readonly<Record<EffectKind, string>> = {
  open: 'New incident',
  update: 'More of the same',
  repeat: 'Still open',
  reopen: 'Open again',
  acknowledge: 'Acknowledged',
  resolve: 'Ended',
  expire: 'Nobody ended it in time',
};

interface SlackPayload {
  readonly title: string;
  readonly line: string;
  readonly body: string;
}

interface Block {
  readonly type: string;
  readonly text: { readonly type: 'plain_text' | 'mrkdwn'; readonly text: string };
}

/** The three characters that Slack gives a meaning to, so that no text can mention or link. */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Escaped text within a limit, never cut inside an escape. */
const fit = (text: string, max: number): string => {
  const escaped = escape(text);
  return escaped.length <= max ? escaped : `${escaped.slice(0, max - 1).replace(/&[a-z]{0,3}$/, '')}…`;
};

function render({ kind, incident, url }: Notice): SlackPayload {
  const head = `${wordOf[kind]}: ${incident.title}`;
  const facts = [
    `severity ${incident.severity}`,
    `level ${incident.level}`,
    `${incident.records} record${incident.records === 1 ? '' : 's'}`,
    ...(incident.repository === null ? [] : [incident.repository]),
  ].join(' · ');
  const links = [...(url === null ? [] : [url]), ...Object.values(incident.links)].join(' ');
  return {
    title: oneLine(head, MAX_HEADER),
    line: fit(oneLine(`${head} (${facts})${url === null ? '' : ` ${url}`}`, MAX_LINE), MAX_LINE),
    body: fit(
      clean(`${facts}\n${links === '' ? '' : `${links}\n`}${incident.summary}`, MAX_SECTION),
      MAX_SECTION,
    ),
  };
}

const section = (text: string): Block => ({ type: 'section', text: { type: 'mrkdwn', text } });
const header = (text: string): Block => ({ type: 'header', text: { type: 'plain_text', text } });

/** One incident in full, several as a digest. A webhook can neither edit nor thread, so that each is a new message. */
export function slackMessage(outgoing: readonly Pick<Outgoing, 'payload'>[]): {
  text: string;
  blocks: Block[];
} {
  const payloads = outgoing.map(({ payload }) => payload as SlackPayload);
  const [only, ...others] = payloads;
  if (only !== undefined && others.length === 0) {
    return { text: fit(only.title, MAX_HEADER), blocks: [header(only.title), section(only.body)] };
  }
  const title = `${payloads.length} incidents`;
  let left = MAX_TOTAL - title.length;
  const lines = payloads.map(({ line }) => {
    const text = line.slice(0, Math.max(1, left));
    left -= text.length;
    return section(text);
  });
  return { text: title, blocks: [header(title), ...lines] };
}

/**
 * Slack by incoming webhook: class B, it takes no id of ours, so that a crash between call and commit sends
 * again, and that is counted. One message a second, many notices in one.
 */
export function slackChannel({ url, guard, timeoutMs, now }: SlackOptions): Channel {
  const target = new URL(url);
  return {
    name: 'slack',
    target: target.origin, // its path is the secret
    batch: DIGEST,
    requests: 1,
    minIntervalMs: ONE_A_SECOND_MS,
    render,
    send: async (outgoing) => {
      let retryAfter: string | null = null;
      // The library drops the headers of an error; what it says about waiting is read on the way.
      const reading: FetchFunction = async (to, init) => {
        const response = await fetch(to, init);
        retryAfter = response.headers.get('retry-after');
        return response;
      };
      try {
        await guard(target);
        const hook = new IncomingWebhook(url, { fetch: reading, timeout: timeoutMs });
        await hook.send(slackMessage(outgoing));
        return doneWith(outgoing, { reference: null, url: null });
      } catch (error) {
        if (error instanceof IncomingWebhookHTTPError) {
          return failedAnswer(error.statusCode, error.body, retryAfter, now());
        }
        return failedCall(error);
      }
    },
  };
}
