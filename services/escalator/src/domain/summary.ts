import { coordinateText, type Attempt, type ErrorRecord, type FixProposal } from '@faultline/schemas';
import { clean, fenced, inline, oneLine } from './markdown.ts';

const MAX_TITLE = 160;
const MAX_SUMMARY = 12_000;
const MAX_EARLIER = 3_000;
const MAX_EXCERPT_LINES = 30;
const TRIED = '### Tried and ruled out';

/** One line for a ticket: what failed and where. */
export function titleOf(record: ErrorRecord): string {
  const { event, classification } = record;
  const what = oneLine(classification?.title ?? '', MAX_TITLE) || oneLine(event.message, MAX_TITLE);
  const where = event.repository === null ? '' : ` in ${oneLine(event.repository, 60)}`;
  return oneLine(`${what === '' ? 'An error without a message' : what}${where}`, MAX_TITLE);
}

const LAST_DATE_MS = 8.64e15; // the last moment that a Date can hold (ECMA-262, 21.4.1.1)
const isoOf = (at: number): string =>
  Math.abs(at) <= LAST_DATE_MS ? new Date(at).toISOString() : String(at);

const attemptLine = ({ number, outcome, detail, at }: Attempt): string =>
  `- retry ${number} at ${isoOf(at)}: ${outcome}, ${inline(detail, 200)}`;

const proposalLine = (proposal: FixProposal, chosen: string | null): string =>
  `- ${proposal.kind}, confidence ${proposal.confidence.toFixed(2)}, risk ${proposal.risk}: ${inline(
    proposal.title,
    200,
  )}${proposal.id === chosen ? ' (applied)' : ''}`;

/** What the rounds so far tried, kept over rounds, since retrying starts afresh in each. */
export function triedIn(record: ErrorRecord): string {
  const earlier = earlierRounds(record);
  const { retry, fix, round } = record;
  const lines = [
    ...(retry === null
      ? []
      : [
          `- retrying: ${retry.decision}, ${inline(retry.reason, 200)}`,
          ...retry.attempts.slice(-10).map(attemptLine),
        ]),
    ...(fix === null ? [] : [`- fixing: ${fix.decision}, ${inline(fix.reason, 200)}`]),
  ];
  const now = lines.length === 0 ? '' : `Round ${round}:\n${lines.join('\n')}`;
  return [earlier, now].filter((part) => part !== '').join('\n\n');
}

function earlierRounds(record: ErrorRecord): string {
  const before = record.escalation?.summary ?? '';
  const at = before.indexOf(TRIED);
  if (at === -1) return '';
  const from = at + TRIED.length;
  const end = before.indexOf('\n### ', from);
  return clean(before.slice(from, end === -1 ? undefined : end).trim(), MAX_EARLIER);
}

function excerptOf(record: ErrorRecord): string {
  const { event, classification } = record;
  if (event.log === null) return classification?.causeLine?.text ?? event.message;
  const lines = event.log.text.split('\n');
  const region = classification?.region[0];
  const from =
    region === undefined ? Math.max(0, lines.length - MAX_EXCERPT_LINES) : Math.max(0, region.first);
  return lines.slice(from, from + MAX_EXCERPT_LINES).join('\n') || event.message;
}

function facts(record: ErrorRecord): readonly string[] {
  const { event, classification } = record;
  const rows: readonly (readonly [string, string | number | null | undefined])[] = [
    ['Repository', event.repository],
    ['Commit', event.commit],
    ['Ref', event.ref],
    ['Pipeline', event.pipeline],
    ['Run', event.run],
    ['Task', event.task],
    ['Runner', event.runner],
    ['Environment', event.environment],
    ['Category', classification?.category],
    ['Severity', classification && `${classification.severity}, ${classification.severityReason}`],
    ['Exit code', event.exitCode],
    ['Whole log', event.log?.pointer],
    ['Event', event.id],
    ['Record', coordinateText(record.coordinate)],
  ];
  return rows
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `- ${name}: ${inline(String(value), 200)}`);
}

/**
 * The ticket's text in markdown: cause, evidence, what was tried, proposals. Text from logs stands in code
 * blocks or escaped, and is cut, so that it can neither style nor mention nor fill the ticket.
 */
export function summaryOf(record: ErrorRecord, why: string): string {
  const { classification, fix } = record;
  const cause = classification?.cause ?? classification?.causeLine?.text ?? record.event.message;
  const tried = triedIn(record);
  const sections = [
    `### Cause\n${inline(cause, 500)}`,
    classification?.remedy ? `### Remedy\n${inline(classification.remedy, 500)}` : '',
    `### Why it is here\n${inline(why, 300)}`,
    `### Where\n${facts(record).join('\n')}`,
    `### Evidence\n${[
      ...(classification?.evidence ?? [])
        .slice(0, 5)
        .map(
          ({ kind, id, text }) => `- ${kind}${id === null ? '' : ` ${inline(id, 80)}`}: ${inline(text, 200)}`,
        ),
      fenced(excerptOf(record), 3_000),
    ].join('\n')}`,
    tried === '' ? '' : `${TRIED}\n${tried}`,
    fix === null || fix.proposals.length === 0
      ? ''
      : `### Proposals\n${fix.proposals
          .slice(0, 5)
          .map((proposal) => `${proposalLine(proposal, fix.chosen)}\n${fenced(proposal.body, 800)}`)
          .join('\n')}`,
  ];
  return clean(sections.filter((section) => section !== '').join('\n\n'), MAX_SUMMARY);
}

/** The text that goes with another round: only what was tried. */
export function roundSummaryOf(record: ErrorRecord): string {
  const tried = triedIn(record);
  return tried === '' ? '' : clean(`${TRIED}\n${tried}`, MAX_EARLIER + 1_000);
}
