import type { Coordinate, ErrorEvent, Outcome, OutcomeTo, RetryState } from '@faultline/schemas';
import { hashOf, storableText } from '@faultline/stream';
import { endIndex, type RecordRow } from './record-row.ts';

/** Digits of a transition id that tell it from the others of its record: 64 bits. */
const SEEN_DIGITS = 16;
/** A producer's clock that is ahead of the broker's by more is not believed. */
const AHEAD_MS = 300_000;
/** A time further back than this is a wrong clock: thirty days. */
const BEHIND_MS = 30 * 86_400_000;
/** Longest text of a column; an entry of an index holds at most 2,700 bytes. */
const LABEL_CHARACTERS = 500;

/** What an outcome did to a row. */
export interface Folded {
  readonly row: RecordRow;
  /** It was in already, and nothing changed. */
  readonly duplicate: boolean;
  /** The record had another end. */
  readonly doubleEnd: boolean;
}

/** A transition id as 32 hex digits, whatever the writer made of it. */
export const canonicalId = (id: string): string =>
  /^[0-9a-f]{32}$/.test(id) ? id : hashOf('foreign transition', id).slice(0, 32);

/** A text as a column keeps it: short enough for an index, and without NUL, which Postgres has no place for. */
export const label = <Value extends string | null>(text: Value): Value =>
  (text === null ? null : storableText(text.slice(0, LABEL_CHARACTERS))) as Value;

/**
 * Adds one outcome to what is known of its record. The order in which outcomes come makes no difference to the
 * result: the state with most hops stands, an end stands above all that is no end, and the first of two ends stands.
 */
export function foldOutcome(row: RecordRow | undefined, outcome: Outcome, coordinate: Coordinate): Folded {
  const id = canonicalId(outcome.id).slice(0, SEEN_DIGITS);
  if (row !== undefined && isSeen(row.seen, id)) return { row, duplicate: true, doubleEnd: false };
  const before = row ?? emptyRow(outcome, coordinate);
  const to = outcome.to ?? 'raw';
  const wins = row === undefined || outranks(to, outcome, before);
  const doubleEnd = row !== undefined && endIndex(before.state) >= 0 && endIndex(to) >= 0;
  return { duplicate: false, doubleEnd, row: merged(before, outcome, to, wins, id) };
}

/** The row behind an outcome, written out whole: this runs for every outcome, and copies of copies cost the most. */
function merged(before: RecordRow, outcome: Outcome, to: OutcomeTo, wins: boolean, id: string): RecordRow {
  const { event, classification, retry, fix, escalation } = outcome;
  return {
    coordinate: before.coordinate,
    eventId: before.eventId ?? label(outcome.eventId),
    receivedAt: before.receivedAt,
    occurredAt: event === null ? before.occurredAt : occurredAt(event, before.receivedAt),
    deadline: before.deadline,
    updatedAt: Math.max(before.updatedAt, outcome.at),
    endedAt: wins ? (endIndex(to) >= 0 ? outcome.at : null) : before.endedAt,
    firstActionAt: firstAction(before, outcome),
    nextAt: wins ? (to === 'delayed' ? (retry?.nextAt ?? null) : null) : before.nextAt,
    state: wins ? to : before.state,
    stage: wins ? label(outcome.stage) : before.stage,
    reason: wins ? label(outcome.reason) : before.reason,
    hops: wins ? outcome.hops : before.hops,
    round: Math.max(before.round, outcome.round),
    attempts: retry === null ? before.attempts : Math.max(before.attempts, retry.attempts.length),
    attemptMs: retry === null ? before.attemptMs : Math.max(before.attemptMs, attemptMs(retry)),
    fixProposed: before.fixProposed || (fix !== null && fix.proposals.length > 0),
    fixApplied: before.fixApplied || fix?.decision === 'applied',
    category: classification === null ? before.category : label(classification.category),
    errorType: classification === null ? before.errorType : label(classification.errorType),
    severity: classification === null ? before.severity : classification.severity,
    environment: event === null ? before.environment : label(event.environment),
    repository: event === null ? before.repository : label(event.repository),
    fingerprint: classification === null ? before.fingerprint : label(classification.fingerprint.id),
    title: classification === null ? before.title : label(classification.title),
    tool: classification === null ? before.tool : label(classification.tool),
    operation: event === null ? before.operation : label(event.operation),
    level: escalation === null ? before.level : escalation.level,
    incidentId: escalation === null ? before.incidentId : label(escalation.incidentId),
    seen: before.seen + id,
  };
}

function isSeen(seen: string, id: string): boolean {
  for (let at = 0; at < seen.length; at += SEEN_DIGITS) if (seen.startsWith(id, at)) return true;
  return false;
}

function outranks(to: OutcomeTo, outcome: Outcome, row: RecordRow): boolean {
  const was = endIndex(row.state) >= 0;
  const is = endIndex(to) >= 0;
  if (was && is) return outcome.at < (row.endedAt ?? Infinity);
  return was === is ? outcome.hops >= row.hops : is;
}

/** When it happened, by the producer's clock where that can be believed. */
function occurredAt({ time }: ErrorEvent, receivedAt: number): number {
  const believed = time <= receivedAt + AHEAD_MS && time >= receivedAt - BEHIND_MS;
  return believed ? Math.min(time, receivedAt) : receivedAt;
}

function firstAction(before: RecordRow, { at, retry, fix, escalation }: Outcome): number | null {
  const run = retry?.attempts[0]?.at ?? Infinity;
  const other = fix?.decision === 'applied' || escalation !== null ? at : Infinity;
  const first = Math.min(before.firstActionAt ?? Infinity, run, other);
  return first === Infinity ? null : first;
}

const attemptMs = ({ attempts }: RetryState): number =>
  Math.round(attempts.reduce((sum, { durationMs }) => sum + durationMs, 0));

function emptyRow(outcome: Outcome, coordinate: Coordinate): RecordRow {
  const receivedAt = outcome.receivedAt ?? outcome.at;
  return {
    coordinate,
    eventId: label(outcome.eventId),
    receivedAt,
    occurredAt: receivedAt,
    deadline: outcome.deadline ?? receivedAt,
    updatedAt: outcome.at,
    endedAt: null,
    firstActionAt: null,
    nextAt: null,
    state: outcome.from ?? 'raw',
    stage: label(outcome.stage),
    reason: null,
    hops: outcome.hops,
    round: outcome.round,
    attempts: 0,
    attemptMs: 0,
    fixProposed: false,
    fixApplied: false,
    category: null,
    errorType: null,
    severity: null,
    environment: null,
    repository: null,
    fingerprint: null,
    title: null,
    tool: null,
    operation: null,
    level: null,
    incidentId: null,
    seen: '',
  };
}
