/** Buckets in an octave: neighbours differ by 2^(1/4), 19 %, so a percentile is right to within 9 %. */
const PER_OCTAVE = 4;
/** 2^(122 / 4) ms is 18 days; what took longer is counted there. */
const LAST_BUCKET = 122;

/** Bucket of a duration in milliseconds: floor(4 log2 ms), 0 below 1 ms. */
export function durationBucket(ms: number): number {
  if (!(ms > 1)) return 0;
  return Math.min(LAST_BUCKET, Math.floor(PER_OCTAVE * Math.log2(ms)));
}

/** The duration that stands for a bucket, in milliseconds: its geometric middle. */
export const durationOf = (bucket: number): number => (bucket === 0 ? 1 : 2 ** ((bucket + 0.5) / PER_OCTAVE));

/** How often a bucket was met. */
export interface BucketCount {
  readonly bucket: number;
  readonly n: number;
}

/** Duration below which the share `q` of all lies, in milliseconds; null where there is none. */
export function durationQuantile(counts: readonly BucketCount[], q: number): number | null {
  const sorted = counts.filter(({ n }) => n > 0).toSorted((a, b) => a.bucket - b.bucket);
  const total = sorted.reduce((sum, { n }) => sum + n, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(q * total));
  let below = 0;
  for (const { bucket, n } of sorted) {
    below += n;
    if (below >= rank) return durationOf(bucket);
  }
  return null;
}
