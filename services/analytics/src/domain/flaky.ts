/** Runs of a test or job, by the commits on which it ran. */
export interface TestRuns {
  readonly repository: string;
  /** Job, and the test where it is one. */
  readonly job: string | null;
  readonly task: string | null;
  readonly runs: number;
  readonly passedRuns: number;
  readonly commits: number;
  /** Commits on which it both passed and failed. */
  readonly flips: number;
  /** Commits on which it failed and never passed. */
  readonly broken: number;
  readonly lastFlipAt: number | null;
}

/** What is to be said of a test. */
export interface FlakyVerdict extends TestRuns {
  readonly verdict: 'flaky' | 'broken' | 'steady' | 'abstains';
  readonly advice: 'quarantine' | 'watch' | 'mend' | 'none';
  /** Share of commits on which it flipped, and the 95 % interval of that (Wilson). */
  readonly flipRate: number | null;
  readonly interval: readonly [number, number] | null;
  readonly why: string;
}

/** Fewer commits say nothing of a rate. */
const LEAST_COMMITS = 5;
/** Two flips, so that one bad machine sends no test to quarantine. */
const QUARANTINE_FLIPS = 2;

/**
 * A flip on one commit is flaky; what fails on every commit is broken and never advised to be quarantined, since that
 * would hide it. Without runs that passed it abstains: then a failure says nothing of flakiness.
 */
export function flakyVerdict(runs: TestRuns): FlakyVerdict {
  const of = (
    verdict: FlakyVerdict['verdict'],
    advice: FlakyVerdict['advice'],
    why: string,
  ): FlakyVerdict => ({
    ...runs,
    verdict,
    advice,
    why,
    flipRate: runs.commits === 0 ? null : runs.flips / runs.commits,
    interval: runs.commits === 0 ? null : wilson(runs.flips, runs.commits),
  });
  if (runs.passedRuns === 0) return of('abstains', 'none', 'no run that passed is known');
  if (runs.flips === 0) {
    if (runs.broken > 0)
      return of('broken', 'mend', `failed on ${runs.broken} of ${runs.commits} commits and never flipped`);
    if (runs.commits < LEAST_COMMITS) return of('abstains', 'none', `only ${runs.commits} commits are known`);
    return of('steady', 'none', `no flip on ${runs.commits} commits`);
  }
  const why = `passed and failed on ${runs.flips} of ${runs.commits} commits`;
  if (runs.flips < QUARANTINE_FLIPS)
    return of('flaky', 'watch', `${why}; one flip is not enough to quarantine`);
  if (runs.broken > runs.flips)
    return of('flaky', 'mend', `${why}, and failed without a flip on ${runs.broken}: it may be broken`);
  return of('flaky', 'quarantine', why);
}

/** 95 % interval of a share (Wilson 1927). */
export function wilson(hits: number, n: number): readonly [number, number] {
  const z = 1.959_963_984_540_054;
  const p = hits / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
