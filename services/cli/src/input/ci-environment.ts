import type { ErrorEvent } from '@faultline/schemas';

/** What a CI system says of the run in its environment variables. */
export type RunFacts = Pick<
  ErrorEvent,
  | 'source'
  | 'environment'
  | 'repository'
  | 'commit'
  | 'ref'
  | 'pipeline'
  | 'run'
  | 'task'
  | 'attempt'
  | 'runner'
>;

type Env = Readonly<Record<string, string | undefined>>;

interface Provider {
  readonly source: string;
  /** Variable that is set on this provider alone. */
  readonly mark: string;
  readonly names: Readonly<Record<Exclude<keyof RunFacts, 'source' | 'environment' | 'attempt'>, string>>;
  readonly attempt: (env: Env) => string | undefined;
}

const providers: readonly Provider[] = [
  {
    source: 'github',
    mark: 'GITHUB_ACTIONS',
    names: {
      repository: 'GITHUB_REPOSITORY',
      commit: 'GITHUB_SHA',
      ref: 'GITHUB_REF_NAME',
      pipeline: 'GITHUB_WORKFLOW',
      run: 'GITHUB_RUN_ID',
      task: 'GITHUB_JOB',
      runner: 'RUNNER_NAME',
    },
    attempt: (env) => env['GITHUB_RUN_ATTEMPT'],
  },
  {
    source: 'gitlab',
    mark: 'GITLAB_CI',
    names: {
      repository: 'CI_PROJECT_PATH',
      commit: 'CI_COMMIT_SHA',
      ref: 'CI_COMMIT_REF_NAME',
      pipeline: 'CI_PIPELINE_NAME',
      run: 'CI_PIPELINE_ID',
      task: 'CI_JOB_NAME',
      runner: 'CI_RUNNER_DESCRIPTION',
    },
    attempt: () => undefined,
  },
  {
    source: 'buildkite',
    mark: 'BUILDKITE',
    names: {
      repository: 'BUILDKITE_REPO',
      commit: 'BUILDKITE_COMMIT',
      ref: 'BUILDKITE_BRANCH',
      pipeline: 'BUILDKITE_PIPELINE_SLUG',
      run: 'BUILDKITE_BUILD_ID',
      task: 'BUILDKITE_LABEL',
      runner: 'BUILDKITE_AGENT_NAME',
    },
    attempt: (env) => {
      const retries = Number(env['BUILDKITE_RETRY_COUNT'] ?? Number.NaN);
      return Number.isInteger(retries) ? String(retries + 1) : undefined;
    },
  },
];

/** Facts of the run that this process belongs to; the source is `cli` outside of any CI that is known. */
export function ciEnvironment(env: Env): RunFacts {
  const provider = providers.find(({ mark }) => (env[mark] ?? '') !== '' && env[mark] !== 'false');
  const given = (name: string | undefined): string | null =>
    name === undefined || env[name] === undefined || env[name] === '' ? null : (env[name] ?? null);
  const attempt = Number(provider?.attempt(env) ?? Number.NaN);
  return {
    source: provider?.source ?? 'cli',
    environment: provider === undefined ? null : 'ci',
    repository: given(provider?.names.repository),
    commit: given(provider?.names.commit),
    ref: given(provider?.names.ref),
    pipeline: given(provider?.names.pipeline),
    run: given(provider?.names.run),
    task: given(provider?.names.task),
    attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : null,
    runner: given(provider?.names.runner),
  };
}
