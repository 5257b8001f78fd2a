/** Steps in an octave: neighbours differ by 2^(1/4), 19 %, so a percentile is right to within 9 %. */
const PER_OCTAVE = 4;
/** 2^(122 / 4) ms is 18 days; what took longer is counted there. */
const LAST_STEP = 122;

/** Step of a duration in milliseconds: floor(4 log2 ms), 0 below 1 ms. */
export function durationStep(ms: number): number {
  if (!(ms > 1)) return 0;
  return Math.min(LAST_STEP, Math.floor(PER_OCTAVE * Math.log2(ms)));
}

/** The duration that stands for a step, in milliseconds: its geometric middle. */
export const durationOf = (step: number): number => (step === 0 ? 1 : 2 ** ((step + 0.5) / PER_OCTAVE));

/** How often a step was met. */
export interface StepCount {
  readonly step: number;
  readonly n: number;
}

/** Duration below which the share `q` of all lies, in milliseconds; null where there is none. */
export function durationQuantile(counts: readonly StepCount[], q: number): number | null {
  const sorted = counts.filter(({ n }) => n > 0).toSorted((a, b) => a.step - b.step);
  const total = sorted.reduce((sum, { n }) => sum + n, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(q * total));
  let below = 0;
  for (const { step, n } of sorted) {
    below += n;
    if (below >= rank) return durationOf(step);
  }
  return null;
}
