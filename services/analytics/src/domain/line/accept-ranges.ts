import type { RangeReport } from '@faultline/schemas';

/** A report of the classifier: records of a stretch of errors.raw that one transaction took. */
export interface Reported {
  readonly range: RangeReport;
  readonly at: number;
}

/** A stretch that is in already and that a reported one may touch. */
export interface Stretch {
  readonly topicId: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** What becomes of reported ranges. */
export interface Accepted {
  /** New stretches; contiguous ones are one. */
  readonly fresh: readonly Reported[];
  /** Reports that say again what is in. */
  readonly duplicates: number;
  /** Reports that contradict what is in. */
  readonly overlaps: readonly Reported[];
}

/** Sorts reported ranges into new ones, repeated ones and those that overlap what is in or each other. */
export function acceptRanges(reported: readonly Reported[], known: readonly Stretch[]): Accepted {
  const fresh: Reported[] = [];
  const overlaps: Reported[] = [];
  let duplicates = 0;
  const taken: Stretch[] = [...known];
  for (const report of reported) {
    const { range } = report;
    if (range.to <= range.from) continue;
    const touching = taken.filter((stretch) => touches(stretch, range));
    if (touching.some(({ from, to }) => from <= range.from && to >= range.to)) duplicates += 1;
    else if (touching.length > 0) overlaps.push(report);
    else {
      taken.push(range);
      fresh.push(report);
    }
  }
  return { fresh: joined(fresh), duplicates, overlaps };
}

const touches = (a: Stretch, b: Stretch): boolean =>
  a.topicId === b.topicId && a.partition === b.partition && a.from < b.to && b.from < a.to;

function joined(reports: readonly Reported[]): readonly Reported[] {
  const sorted = reports.toSorted(
    ({ range: a }, { range: b }) =>
      Number(a.topicId > b.topicId) - Number(a.topicId < b.topicId) ||
      a.partition - b.partition ||
      a.from - b.from,
  );
  const result: Reported[] = [];
  for (const report of sorted) {
    const last = result.at(-1);
    const { range } = report;
    if (
      last !== undefined &&
      last.range.topicId === range.topicId &&
      last.range.partition === range.partition &&
      last.range.to === range.from
    ) {
      result[result.length - 1] = {
        range: { ...last.range, to: range.to, count: last.range.count + range.count },
        at: Math.max(last.at, report.at),
      };
    } else result.push(report);
  }
  return result;
}
