import { createHmac, timingSafeEqual } from 'node:crypto';
import { errorEvent, observation } from '@faultline/schemas';
import { list, member, parseJson, text, whole } from '../domain/parse-json.ts';
import { unreadable, type Adapted, type Reception } from '../domain/received.ts';

/** Whether `X-Hub-Signature-256` is the HMAC-SHA256 of the raw body under the secret, in constant time. */
export function isSignedByGithub(body: Buffer, signature: string | undefined, secret: string): boolean {
  const given = Buffer.from(signature ?? '');
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Conclusions of a job that are errors; a cancelled job is told as an observation alone. */
const errorConclusions: ReadonlySet<unknown> = new Set(['failure', 'timed_out', 'startup_failure']);

const results: Readonly<Record<string, string>> = {
  success: 'passed',
  failure: 'failed',
  timed_out: 'failed',
  startup_failure: 'failed',
  cancelled: 'cancelled',
};

/**
 * A `workflow_job` webhook: each completed job is an observation, each failed one an error too. The log is not
 * in the payload; `log.pointer` says where it is.
 */
export function readGithubWorkflowJob(event: string | undefined, body: Buffer, { now }: Reception): Adapted {
  if (event !== 'workflow_job') return nothing(`the event is ${event ?? 'not named'}, not workflow_job`);
  const parsed = parseJson(body);
  if (!parsed.ok)
    return unreadable(`is no JSON: ${parsed.why}`, 'set the content type of the webhook to JSON');
  const payload = parsed.value;
  const job = member(payload, 'workflow_job');
  const id = whole(member(job, 'id'));
  if (id === null) return unreadable('is missing', 'send a workflow_job payload', 'workflow_job.id');
  if (member(payload, 'action') !== 'completed') return nothing('the job has not completed');

  const name = text(member(job, 'name')) ?? 'job';
  const conclusion = text(member(job, 'conclusion')) ?? 'unknown';
  const startedAt = time(member(job, 'started_at'));
  const endedAt = time(member(job, 'completed_at')) ?? now;
  const attempt = whole(member(job, 'run_attempt'));
  const shared = {
    source: 'github',
    repository: text(member(payload, 'repository', 'full_name')),
    commit: text(member(job, 'head_sha')),
    ref: text(member(job, 'head_branch')),
    pipeline: text(member(job, 'workflow_name')),
    run: whole(member(job, 'run_id'))?.toString() ?? null,
    attempt,
    runner: text(member(job, 'runner_name')) ?? text(member(job, 'runner_group_name')),
  };
  const result = results[conclusion];
  const observations =
    result === undefined
      ? []
      : [
          observation({
            ...shared,
            id: `github-job-${id}`,
            at: endedAt,
            kind: 'run-finished',
            result,
            job: name,
            durationMs: startedAt === null ? null : Math.max(0, endedAt - startedAt),
            labels: { conclusion },
          }),
        ];
  if (!errorConclusions.has(conclusion)) return { ok: true, events: [], observations };
  const step = failedStep(job);
  const where = step === null ? '' : ` in step "${step}"`;
  const pointer = text(member(job, 'html_url'));
  const headline = conclusion === 'timed_out' ? 'timed out' : 'failed';
  return {
    ok: true,
    events: [
      errorEvent({
        ...shared,
        id: `github-job-${id}`,
        time: endedAt,
        message: `Job "${name}" ${headline}${where}`,
        type: `github.${conclusion}`,
        environment: 'ci',
        task: name,
        log: pointer === null ? null : { text: '', truncated: true, omittedLines: null, pointer },
        labels: { conclusion, ...(step === null ? {} : { step }) },
      }),
    ],
    observations,
  };
}

const nothing = (ignored: string): Adapted => ({ ok: true, events: [], observations: [], ignored });

const failedStep = (job: unknown): string | null =>
  text(
    member(
      list(member(job, 'steps')).find((step) => errorConclusions.has(member(step, 'conclusion'))),
      'name',
    ),
  );

function time(value: unknown): number | null {
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}
