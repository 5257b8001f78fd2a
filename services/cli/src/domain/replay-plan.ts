import { errorEvent, observation, type ErrorEvent, type Observation, type Rerun } from '@faultline/schemas';
import { createRedactor, redactEvent } from '@faultline/classifier';
import { bucketOf, cutLog, hashOf } from '@faultline/stream';
import type { CorpusEntry } from './corpus-entry.ts';

/** What the replay sends for one entry. */
export interface Replayed {
  /** Null for a run that passed. */
  readonly event: ErrorEvent | null;
  readonly observation: Observation;
}

/** When and as part of what an entry is replayed. */
export interface ReplayAt {
  /** Name of the replay; the same name makes the same ids. */
  readonly name: string;
  /** Which pass over the corpus, from 0. */
  readonly loop: number;
  readonly now: number;
  /** Where operations can be run again; null where nowhere. */
  readonly targetUrl: string | null;
}

/** A project that the replay makes up around the tools that it uses. */
interface Project {
  readonly repository: string;
  readonly pipeline: string;
  readonly runners: readonly string[];
}

const projects: readonly Project[] = [
  { repository: 'acme/storefront', pipeline: 'ci', runners: ['linux-small-1', 'linux-small-2'] },
  {
    repository: 'acme/payments',
    pipeline: 'ci',
    runners: ['linux-large-1', 'linux-large-2', 'linux-large-3'],
  },
  { repository: 'acme/search', pipeline: 'nightly', runners: ['linux-large-1', 'linux-large-2'] },
  { repository: 'acme/mobile-api', pipeline: 'release', runners: ['linux-small-2', 'spot-7'] },
  { repository: 'acme/data-jobs', pipeline: 'ci', runners: ['spot-3', 'spot-7'] },
  { repository: 'acme/agent-workspace', pipeline: 'agent', runners: ['agent-pool-1'] },
];
const refs = ['main', 'main', 'main', 'feature/checkout', 'feature/ranking', 'renovate/all'];
/** Retry classes whose operation can be run again with any hope. */
const retryable: ReadonlySet<string> = new Set(['backoff', 'once', 'once-elsewhere', 'wait']);
/** Of a hundred retryable failures, so many bring a way to run them again. */
const WITH_RERUN_PERCENT = 75;
/** Runs that a target fails before it succeeds, by percent; the rest never succeeds. */
const failuresByPercent = [
  { below: 80, failures: 0 },
  { below: 92, failures: 1 },
  { below: 95, failures: 2 },
];
/** More failures than any policy retries. */
const NEVER = 99;
/** Bytes of a passing log that go along as contrast. */
const SAMPLE_BYTES = 16 * 1024;
const MINUTE_MS = 60_000;

const redactor = createRedactor();

/** The event and the observation of one entry of the corpus: real output, a made-up project around it. */
export function replayed(entry: CorpusEntry, at: ReplayAt): Replayed {
  const seed = hashOf(entry.id, at.loop);
  const pick = <T>(list: readonly T[], salt: string): T =>
    list[bucketOf(`${seed}/${salt}`, list.length)] as T;
  // a tool belongs to one project, so that its errors stay together
  const project = projects[bucketOf(entry.tool, projects.length)] as Project;
  const id = `${at.name}-${at.loop}-${entry.id}`;
  const durationMs = 5_000 + bucketOf(`${seed}/duration`, 4 * MINUTE_MS);
  const run = {
    repository: project.repository,
    pipeline: project.pipeline,
    commit: hashOf('commit', project.repository, at.loop).slice(0, 40),
    ref: pick(refs, 'ref'),
    run: String(100_000 + at.loop * 1_000 + bucketOf(project.repository, 1_000)),
    attempt: 1,
    runner: pick(project.runners, 'runner'),
  };
  const task = `${entry.tool} · ${entry.title}`;
  const operation = `${project.repository}:${entry.id}`;
  const passed = entry.kind === 'passing';
  const finished = observation({
    ...run,
    id: `run-${id}`,
    at: at.now,
    source: 'replay',
    kind: 'run-finished',
    result: passed ? 'passed' : 'failed',
    job: entry.tool,
    task,
    durationMs,
    logSample: passed ? redactor.text(entry.output.slice(-SAMPLE_BYTES)) : null,
    operation,
    eventId: passed ? null : id,
    labels: { replay: at.name },
  });
  if (passed) return { event: null, observation: finished };
  const event = errorEvent({
    ...run,
    id,
    time: at.now,
    source: 'replay',
    message: entry.message ?? `${entry.command} ended with ${entry.exitCode}`,
    log: cutLog(entry.output),
    exitCode: entry.exitCode,
    signal: entry.signal,
    environment: 'ci',
    task,
    agent: project.pipeline === 'agent' ? 'coding-agent' : null,
    operation,
    rerun: rerunOf(entry, id, seed, at.targetUrl),
    labels: { replay: at.name },
    context: { command: entry.command, durationMs },
  });
  return { event: redactEvent(event, redactor), observation: finished };
}

function rerunOf(entry: CorpusEntry, id: string, seed: string, targetUrl: string | null): Rerun | null {
  if (targetUrl === null || !retryable.has(entry.label?.retryClass ?? '')) return null;
  if (bucketOf(`${seed}/rerun`, 100) >= WITH_RERUN_PERCENT) return null;
  const percent = bucketOf(`${seed}/failures`, 100);
  const failures = failuresByPercent.find(({ below }) => percent < below)?.failures ?? NEVER;
  return {
    kind: 'http',
    target: `${targetUrl}/again/${encodeURIComponent(id)}?failures=${failures}`,
    method: 'POST',
    headers: {},
    body: JSON.stringify({ command: entry.command }),
    key: null,
    idempotent: true,
    sideEffects: [],
    credentials: null,
    timeoutMs: 10_000,
  };
}
