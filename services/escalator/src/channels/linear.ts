import type { EffectKind } from '../domain/effect.ts';
import { clean, oneLine } from '../domain/markdown.ts';
import { stableUuid } from '../domain/stable-uuid.ts';
import { doneWith, type Channel, type Notice, type Outgoing, type SendResult } from './channel.ts';
import { failedCall } from './http-result.ts';
import { LinearFailure, type LinearIssue, type LinearPort } from './linear-client.ts';

const MAX_TITLE = 200;
const MAX_DESCRIPTION = 15_000;
const REQUESTS = 8; // look up, create, look up, states, move or priority, attach or comment, look up the comment
const URGENT = 1;
const ENDED: ReadonlySet<string> = new Set(['completed', 'canceled', 'duplicate']);

interface TicketPayload {
  readonly issueId: string;
  readonly title: string;
  readonly description: string;
  readonly priority: number;
  readonly delegate: boolean;
  readonly url: string | null;
  readonly subtitle: string;
  readonly comment: string;
}

const commentOf: Readonly<Record<EffectKind, (notice: Notice) => string>> = {
  open: () => '',
  update: ({ incident }) => `${incident.records} records so far.`,
  repeat: ({ incident }) => `Still open, ${incident.records} records so far.`,
  reopen: ({ incident }) => `It happened again: ${incident.records} records so far.`,
  acknowledge: () => 'Acknowledged in Faultline.',
  resolve: ({ incident }) => `Ended in Faultline: ${incident.status}, ${incident.records} records.`,
  expire: ({ incident }) =>
    `Nobody ended it by ${new Date(incident.deadline).toISOString()}: ${incident.records} records.`,
};

/** The ticket of an incident: one id, whoever makes it and however often. */
export const linearIssueId = (incidentId: string): string => stableUuid('linear', incidentId);

function render(notice: Notice): TicketPayload {
  const { incident, url } = notice;
  const previous =
    incident.previous === null ? '' : `\n\nIt happened before: [${linearIssueId(incident.previous)}]`;
  return {
    issueId: linearIssueId(incident.id),
    title: oneLine(incident.title, MAX_TITLE),
    description: `${clean(incident.summary, MAX_DESCRIPTION)}${previous}\n\nIncident ${incident.id}`,
    priority: incident.priority,
    delegate: incident.level === 'codegen',
    url,
    subtitle: `${incident.status}, ${incident.records} records`,
    comment: commentOf[notice.kind](notice),
  };
}

/** Creates the ticket unless it is there: looked up first where a call may have got through, and after an invalid input. */
async function ensureIssue(
  port: LinearPort,
  payload: TicketPayload,
  { attempt }: Outgoing,
): Promise<LinearIssue> {
  const { issueId, title, description, priority, delegate } = payload;
  const there = attempt > 1 ? await port.issue(issueId) : undefined;
  if (there !== undefined) return there;
  try {
    await port.createIssue({ id: issueId, title, description, priority, delegate });
  } catch (error) {
    if (!(error instanceof LinearFailure) || error.kind !== 'taken') throw error;
    const taken = await port.issue(issueId);
    if (taken === undefined) throw new LinearFailure('refused', error.message, null, false);
    return taken;
  }
  const made = await port.issue(issueId);
  if (made === undefined)
    throw new LinearFailure('passing', 'the ticket was created and is not found', null, true);
  return made;
}

/** What each kind of notice does to the ticket behind it; each step can be repeated. */
const steps: Readonly<
  Record<
    EffectKind,
    (port: LinearPort, issue: LinearIssue, payload: TicketPayload, commentId: string) => Promise<void>
  >
> = {
  open: async (port, issue, { url, subtitle }) => {
    if (url !== null) await port.attach(issue.id, url, 'Faultline incident', subtitle);
  },
  update: async (port, issue, { comment }, id) => port.comment(id, issue.id, comment),
  repeat: async (port, issue, { comment }, id) => port.comment(id, issue.id, comment),
  reopen: async (port, issue, { comment }, id) => {
    if (ENDED.has(issue.stateType)) await port.moveTo(issue.id, 'unstarted');
    await port.comment(id, issue.id, comment);
  },
  acknowledge: async (port, issue, { comment }, id) => port.comment(id, issue.id, comment),
  resolve: async (port, issue, { comment }, id) => {
    if (!ENDED.has(issue.stateType)) await port.moveTo(issue.id, 'completed');
    await port.comment(id, issue.id, comment);
  },
  expire: async (port, issue, { comment }, id) => {
    await port.setPriority(issue.id, URGENT);
    await port.comment(id, issue.id, comment);
  },
};

/** Linear tickets: class A, since the id of issue and comment are ours. */
export function linearChannel(port: LinearPort, target: string): Channel {
  return {
    name: 'linear',
    target,
    batch: 1,
    requests: REQUESTS,
    minIntervalMs: 0,
    render,
    send: async (outgoing): Promise<SendResult> => {
      const [first] = outgoing;
      if (first === undefined) return doneWith([], { reference: null, url: null });
      const payload = first.payload as TicketPayload;
      try {
        const makes = first.kind !== 'resolve' && first.kind !== 'acknowledge';
        const issue = makes ? await ensureIssue(port, payload, first) : await port.issue(payload.issueId);
        // What was never made, or was deleted by hand, needs no end.
        if (issue === undefined) return doneWith(outgoing, { reference: null, url: null });
        await steps[first.kind](port, issue, payload, stableUuid('comment', first.effectId));
        return doneWith(outgoing, { reference: issue.identifier, url: issue.url });
      } catch (error) {
        if (!(error instanceof LinearFailure)) return failedCall(error);
        const { kind, message, retryAfterMs, doubtful } = error;
        if (kind === 'rate-limited' || kind === 'passing')
          return { kind: 'retry', error: message, retryAfterMs, doubtful };
        return { kind: 'refused', error: message };
      }
    },
  };
}
