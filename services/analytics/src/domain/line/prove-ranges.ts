/** A stretch of one partition of errors.raw, from the first offset to the one behind the last. */
export interface Span {
  readonly source: number;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly records: number;
}

/** Puts contiguous spans together; the given ones must not overlap. Sorted by partition and offset. */
export function joinSpans(spans: readonly Span[]): readonly Span[] {
  const sorted = spans.toSorted(
    (a, b) => a.source - b.source || a.partition - b.partition || a.from - b.from,
  );
  const joined: Span[] = [];
  for (const span of sorted) {
    const last = joined.at(-1);
    if (
      last !== undefined &&
      last.source === span.source &&
      last.partition === span.partition &&
      last.to === span.from
    ) {
      joined[joined.length - 1] = { ...last, to: span.to, records: last.records + span.records };
    } else joined.push(span);
  }
  return joined;
}
