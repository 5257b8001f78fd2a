import { createTransport } from 'nodemailer';
import type { EffectKind } from '../domain/effect.ts';
import { oneLine } from '../domain/markdown.ts';
import type { OutboundGuard } from '../outbound-guard.ts';
import { doneWith, type Channel, type Notice, type SendResult } from './channel.ts';
import { failedCall } from './http-result.ts';

/** Options of the mail channel. */
export interface EmailOptions {
  readonly url: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly guard: OutboundGuard;
  readonly timeoutMs: number;
}

const wordOf: Readonly<Record<EffectKind, string>> = {
  open: '',
  update: '',
  repeat: 'Still open: ',
  reopen: 'Open again: ',
  acknowledge: 'Acknowledged: ',
  resolve: 'Ended: ',
  expire: 'Nobody ended it in time: ',
};
const MAX_SUBJECT = 150;

interface MailPayload {
  readonly subject: string;
  readonly text: string;
  readonly incident: string;
}

const render = ({ kind, incident, url }: Notice): MailPayload => ({
  // All mails of an incident have one subject but for the word in front, since some clients thread by it.
  subject: oneLine(`${wordOf[kind]}[${incident.severity}] ${incident.title}`, MAX_SUBJECT),
  text: [
    `${incident.records} record${incident.records === 1 ? '' : 's'}, level ${incident.level}, incident ${incident.id}`,
    ...(url === null ? [] : [url]),
    ...Object.entries(incident.links).map(([channel, link]) => `${channel}: ${link}`),
    '',
    incident.summary,
  ].join('\n'),
  incident: incident.id,
});

/** 5yz answers are final, 4yz may pass (RFC 5321, 4.2.1); without an answer the mail may have been taken. */
function failedMail(error: unknown): SendResult {
  const { responseCode, code } = error as { readonly responseCode?: number; readonly code?: string };
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EAUTH' || code === 'EENVELOPE' || code === 'EMESSAGE') {
    const passes = responseCode !== undefined && responseCode < 500;
    if (!passes) return { kind: 'refused', error: message };
  }
  if (responseCode !== undefined && responseCode >= 500) return { kind: 'refused', error: message };
  if (responseCode !== undefined)
    return { kind: 'retry', error: message, retryAfterMs: null, doubtful: false };
  return failedCall(error);
}

/** Mail: class B, but a fixed Message-ID lets receivers drop a repeated one, and threads an incident's mails. */
export function emailChannel({ url, from, to, guard, timeoutMs }: EmailOptions): Channel {
  const target = new URL(url);
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'faultline.invalid';
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const within = async <T>(sending: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    return Promise.race([sending, late]).finally(() => clearTimeout(timer));
  };
  return {
    name: 'email',
    target: `${target.protocol}//${target.host}`,
    batch: 1,
    requests: 1,
    minIntervalMs: 0,
    render,
    send: async (outgoing) => {
      const [first] = outgoing;
      if (first === undefined) return doneWith([], { reference: null, url: null });
      const { subject, text, incident } = first.payload as MailPayload;
      const root = `<${incident}@${domain}>`;
      const thread = first.kind === 'open' ? {} : { inReplyTo: root, references: [root] };
      const messageId = first.kind === 'open' ? root : `<${first.effectId}@${domain}>`;
      try {
        await guard(target);
        const sending = transport.sendMail({ from, to: [...to], subject, text, messageId, ...thread });
        sending.catch(() => undefined); // where the time-out was first
        await within(sending);
        return doneWith(outgoing, { reference: messageId, url: null });
      } catch (error) {
        return failedMail(error);
      }
    },
  };
}
