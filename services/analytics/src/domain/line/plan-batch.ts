import {
  coordinateText,
  type Classification,
  type Coordinate,
  type Outcome,
  type RangeReport,
} from '@faultline/schemas';
import { contributeChange, emptySums, type RecordSums } from './contribution.ts';
import { canonicalId, foldOutcome, label } from './fold-outcome.ts';
import type { RecordRow } from './record-row.ts';
import { sumKey, Sums } from './sums.ts';

/** An outcome that was not in yet, under its canonical id. */
export interface NewOutcome {
  readonly id: string;
  readonly coordinate: Coordinate;
  readonly outcome: Outcome;
}

/** First word on a group, from the record that brought its classification. */
export interface GroupSighting {
  readonly classification: Classification;
  readonly repository: string | null;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly lastEventId: string | null;
}

/** An end that came after another end of the same record. */
export interface DoubleEnd {
  readonly coordinate: Coordinate;
  readonly at: number;
  readonly detail: string;
}

const one = [1];
const moveGrains = [
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
] as const;

/** All that a batch of outcomes changes. */
export interface BatchPlan {
  readonly outcomes: readonly NewOutcome[];
  /** Rows that are new or changed, with what they were. */
  readonly rows: readonly { readonly before: RecordRow | undefined; readonly after: RecordRow }[];
  readonly sums: RecordSums;
  /** grain, bucket, stage, from, to, reason: moves. */
  readonly moves: Sums;
  readonly groups: ReadonlyMap<string, GroupSighting>;
  readonly ranges: readonly { readonly range: RangeReport; readonly at: number }[];
  readonly duplicates: number;
  readonly doubleEnds: readonly DoubleEnd[];
}

/** A record that a batch is about. */
export interface Touched {
  readonly coordinate: Coordinate;
  /** When the broker took it, by the earliest of its outcomes. */
  readonly receivedAt: number;
  /** Whether its first outcome is among them, so that it may be new. */
  readonly first: boolean;
}

/** The records that outcomes are about, by their coordinates. */
export function touchedBy(outcomes: readonly Outcome[]): ReadonlyMap<string, Touched> {
  const touched = new Map<string, Touched>();
  for (const { subject, coordinate, receivedAt, at, input } of outcomes) {
    if (subject !== 'record' || coordinate === null) continue;
    const key = coordinateText(coordinate);
    const before = touched.get(key);
    touched.set(key, {
      coordinate,
      receivedAt: Math.min(before?.receivedAt ?? Infinity, receivedAt ?? at),
      first: (before?.first ?? false) || input?.topic === 'errors.raw',
    });
  }
  return touched;
}

/** What a batch of outcomes changes, given the rows of the records that it touches. */
export function planBatch(outcomes: readonly Outcome[], existing: ReadonlyMap<string, RecordRow>): BatchPlan {
  const rows = new Map<string, RecordRow>();
  const fresh: NewOutcome[] = [];
  const moves = new Sums(1);
  const groups = new Map<string, GroupSighting>();
  const ranges: { range: RangeReport; at: number }[] = [];
  const doubleEnds: DoubleEnd[] = [];
  let duplicates = 0;
  for (const outcome of outcomes) {
    if (outcome.range !== null) {
      ranges.push({ range: outcome.range, at: outcome.at });
      continue;
    }
    const { coordinate } = outcome;
    if (coordinate === null) continue;
    const key = coordinateText(coordinate);
    const folded = foldOutcome(rows.get(key) ?? existing.get(key), outcome, coordinate);
    if (folded.duplicate) {
      duplicates += 1;
      continue;
    }
    rows.set(key, folded.row);
    fresh.push({ id: canonicalId(outcome.id), coordinate, outcome });
    if (folded.doubleEnd)
      doubleEnds.push({ coordinate, at: outcome.at, detail: `${outcome.stage}: ${outcome.to}` });
    const move = sumKey(
      label(outcome.stage),
      outcome.from ?? 'raw',
      outcome.to ?? 'raw',
      label(outcome.reason ?? 'none'),
    );
    for (const [grain, ms] of moveGrains) moves.add(sumKey(grain, Math.floor(outcome.at / ms), move), one);
    if (outcome.classification !== null) sight(groups, folded.row, outcome.classification);
  }
  const sums = emptySums();
  const changed: { before: RecordRow | undefined; after: RecordRow }[] = [];
  for (const [key, row] of rows) {
    const before = existing.get(key);
    changed.push({ before, after: row });
    contributeChange(before, row, sums);
  }
  return { outcomes: fresh, rows: changed, sums, moves, groups, ranges, duplicates, doubleEnds };
}

function sight(groups: Map<string, GroupSighting>, row: RecordRow, classification: Classification): void {
  const id = label(classification.fingerprint.id);
  const before = groups.get(id);
  const later = before === undefined || row.occurredAt >= before.lastAt;
  groups.set(id, {
    classification: before?.classification ?? classification,
    repository: before?.repository ?? row.repository,
    firstAt: Math.min(before?.firstAt ?? Infinity, row.occurredAt),
    lastAt: later ? row.occurredAt : before.lastAt,
    lastEventId: later ? row.eventId : before.lastEventId,
  });
}
