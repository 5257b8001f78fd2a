import type { Pool } from 'pg';
import { flakyVerdict, type FlakyVerdict, type TestRuns } from '../domain/flaky.ts';

/** Verdicts on tests and jobs, from the runs that were reported; the flakiest first. */
export interface FlakyReport {
  readonly v: 1;
  /** Whether nothing can be said, as no run that passed was reported. */
  readonly abstains: boolean;
  readonly why: string;
  readonly items: readonly FlakyVerdict[];
}

const MOST_TESTS = 500;

/** Tests and jobs that passed and failed on one commit between `from` and `to`. */
export async function readFlaky(pool: Pool, from: number, to: number): Promise<FlakyReport> {
  const { rows } = await pool.query<TestRuns>({
    name: 'flaky',
    text: `with by_commit as (
        select repository, job, task, commit, count(*) as runs, count(*) filter (where result = 'passed') as passed,
          count(*) filter (where result = 'failed') as failed, max(at) as last_at
        from observations
        where kind = 'run-finished' and at between $1 and $2 and repository is not null and commit is not null
          and result in ('passed', 'failed')
        group by 1, 2, 3, 4
      )
      select repository, job, task, sum(runs)::int as runs, sum(passed)::int as "passedRuns",
        count(*)::int as commits, (count(*) filter (where passed > 0 and failed > 0))::int as flips,
        (count(*) filter (where passed = 0))::int as broken,
        (max(last_at) filter (where passed > 0 and failed > 0))::float8 as "lastFlipAt"
      from by_commit group by 1, 2, 3
      order by flips desc, broken desc, runs desc limit $3`,
    values: [from, to, MOST_TESTS],
  });
  const items = rows.map(flakyVerdict);
  const passed = items.some(({ passedRuns }) => passedRuns > 0);
  return {
    v: 1,
    abstains: !passed,
    why: passed
      ? `${items.length} tests and jobs with runs in the period`
      : 'no run that passed was reported on errors.feedback, and without those a failure says nothing of flakiness',
    items: passed ? items : [],
  };
}
