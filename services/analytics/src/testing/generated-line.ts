import {
  errorEvent,
  wholeOutcome,
  type Classification,
  type Coordinate,
  type Escalation,
  type FixState,
  type Outcome,
  type OutcomeTo,
  type RetryState,
  type Severity,
} from '@faultline/schemas';
import { restoreOutcome } from '../domain/restore-outcome.ts';
import { hashOf, seededRandom, type Random } from '@faultline/stream';

/** What a generated history looks like. */
export interface GeneratedLineOptions {
  readonly seed: string;
  readonly records: number;
  /** First and last moment at which records are received. */
  readonly from: number;
  readonly to: number;
  readonly groups: number;
  readonly repositories?: number;
  readonly partitions?: number;
  readonly topicId?: string;
  /** Share of records that are still on their way. */
  readonly open?: number;
  /** Offset of the first record of each partition. */
  readonly firstOffset?: number;
  /** Lines of log with each event. */
  readonly logLines?: number;
}

const kinds = [
  [
    'network.reset',
    'NETWORK_ERROR',
    'medium',
    'backoff',
    'npm',
    'npm error code ECONNRESET: network socket hang up',
  ],
  ['network.dns', 'NETWORK_ERROR', 'medium', 'backoff', 'pip', 'Temporary failure in name resolution'],
  [
    'code.compile',
    'COMPILE_ERROR',
    'high',
    'never-fixable',
    'tsc',
    "error TS2322: Type 'string' is not assignable to type 'number'",
  ],
  [
    'dep.lockfile',
    'DEPENDENCY_ERROR',
    'medium',
    'never-fixable',
    'npm',
    'npm ci can only install packages when your package.json and package-lock.json are in sync',
  ],
  [
    'test.assert',
    'TEST_ERROR',
    'high',
    'never-fixable',
    'pytest',
    'FAILED tests/test_orders.py::test_total - AssertionError: 41 != 42',
  ],
  ['mem.oom', 'RESOURCE_ERROR', 'critical', 'once-elsewhere', 'node', 'JavaScript heap out of memory'],
  [
    'auth.expired',
    'AUTHENTICATION_ERROR',
    'high',
    'never',
    'docker',
    'unauthorized: authentication required',
  ],
  [
    'disk.full',
    'RESOURCE_ERROR',
    'critical',
    'once-elsewhere',
    'cargo',
    'No space left on device (os error 28)',
  ],
  ['lint', 'LINT_ERROR', 'low', 'never-fixable', 'eslint', '3 problems (3 errors, 0 warnings)'],
  [
    'db.down',
    'DATABASE_ERROR',
    'high',
    'backoff',
    'psql',
    'connection to server at 127.0.0.1, port 5432 failed: Connection refused',
  ],
] as const satisfies readonly (readonly [
  string,
  string,
  Severity,
  Classification['retryClass'],
  string,
  string,
])[];

const environments = ['production', 'staging', 'ci', null] as const;
const topicIdOfTests = 'aaaaaaaaaaaaaaaaaaaaaA';

/** The outcomes of one record, in order; the first holds the event. */
export type RecordHistory = readonly Outcome[];

/**
 * Histories as a line would write them: retries that help, retries that end, fixes, escalations, duplicates. The
 * same options give the same histories.
 */
export function* generatedLine(options: GeneratedLineOptions): Generator<RecordHistory> {
  const random = seededRandom(options.seed);
  const partitions = options.partitions ?? 4;
  const offsets = Array.from({ length: partitions }, () => options.firstOffset ?? 0);
  for (let index = 0; index < options.records; index += 1) {
    const partition = Math.floor(random() * partitions);
    const offset = offsets[partition] ?? 0;
    offsets[partition] = offset + 1;
    const receivedAt = Math.floor(options.from + ((options.to - options.from) * index) / options.records);
    const coordinate = { topicId: options.topicId ?? topicIdOfTests, partition, offset };
    // as they come from the wire: the fields in the order of the schema
    yield history(options, index, coordinate, receivedAt, random).map((outcome) => {
      const restored = restoreOutcome(outcome);
      if ('wrongAt' in restored) throw new Error(`a generated outcome is wrong at ${restored.wrongAt}`);
      return restored.outcome;
    });
  }
}

function history(
  options: GeneratedLineOptions,
  index: number,
  coordinate: Coordinate,
  receivedAt: number,
  random: Random,
): RecordHistory {
  // the square favours low numbers, as a few causes make most errors
  const group = Math.floor(random() ** 2 * options.groups);
  const kind = kinds[group % kinds.length] ?? kinds[0];
  const [, , , retryClass, , message] = kind;
  const eventId = `${options.seed}-${index}`;
  const deadline = receivedAt + 86_400_000;
  const outcomes: Outcome[] = [];
  let at = receivedAt;
  let state: OutcomeTo = 'raw';
  const push = (stage: string, to: OutcomeTo, reason: string, why: string, parts: Partial<Outcome>): void => {
    at += 5 + Math.floor(random() * 200);
    outcomes.push({
      id: hashOf(coordinate.topicId, coordinate.partition, coordinate.offset, stage, outcomes.length).slice(
        0,
        32,
      ),
      subject: 'record',
      stage,
      at,
      coordinate,
      eventId,
      input: {
        topic: `errors.${state === 'raw' ? 'raw' : state}`,
        partition: coordinate.partition,
        offset: index,
      },
      from: state,
      to,
      reason,
      why,
      round: 0,
      hops: outcomes.length,
      receivedAt,
      deadline,
      versions: { [stage === 'classifier' ? 'rules' : 'policy']: 'baseline@0123456789ab' },
      answers: null,
      event: null,
      classification: null,
      retry: null,
      fix: null,
      escalation: null,
      range: null,
      traceparent: null,
      ...parts,
    });
    state = to;
  };
  const logLines = options.logLines ?? 6;
  const classification = classified(kind, group, causeLineOf(logLines));
  const event = errorEvent({
    id: eventId,
    time: receivedAt - Math.floor(random() * 3_000) - (random() < 0.01 ? 7_200_000 : 0),
    source: 'generated',
    message: `${message} (module ${group})`,
    environment: environments[Math.floor(random() * environments.length)] ?? null,
    repository: `acme/service-${Math.floor(random() ** 2 * (options.repositories ?? 20))}`,
    commit: hashOf('commit', Math.floor(index / 7)).slice(0, 40),
    pipeline: 'build',
    run: String(Math.floor(index / 3)),
    task: classification.tool,
    attempt: 1,
    exitCode: 1,
    log: {
      text: logOf(message, group, logLines),
      truncated: false,
      omittedLines: null,
      pointer: null,
    },
  });
  if (random() < 0.03) {
    push('classifier', 'suppressed', 'duplicate', 'the same id came before', { event, classification });
    return outcomes;
  }
  push('classifier', 'classified', 'classified', `rule ${classification.ruleId} matched`, {
    event,
    classification,
  });
  const stop = random() < (options.open ?? 0) ? Math.floor(random() * 4) : Infinity;
  let attempts: RetryState['attempts'] = [];
  const retried = (decision: RetryState['decision'], nextAt: number | null): RetryState => ({
    policy: kind[1],
    strategy: 'exponential',
    maxRetries: 3,
    attempts,
    nextAt,
    nextKey: null,
    backoff: null,
    decision,
    reason: decision,
  });
  if (retryClass === 'backoff' || retryClass === 'once-elsewhere') {
    const runs = retryClass === 'backoff' ? 3 : 1;
    for (let run = 1; run <= runs; run += 1) {
      if (outcomes.length > stop) return outcomes;
      const nextAt = at + 1_000 * 2 ** (run - 1);
      push('retrier', 'delayed', 'scheduled', `retry ${run} of ${runs} in ${nextAt - at} ms`, {
        retry: retried('scheduled', nextAt),
      });
      if (outcomes.length > stop) return outcomes;
      const succeeded = random() < 0.55;
      at = nextAt;
      attempts = [
        ...attempts,
        {
          number: run,
          key: `${eventId}/${run}`,
          at: nextAt,
          outcome: succeeded ? 'succeeded' : 'failed',
          detail: succeeded ? 'exit code 0' : message,
          status: succeeded ? 0 : 1,
          durationMs: 500 + Math.floor(random() * 4_000),
        },
      ];
      if (succeeded) {
        push('retrier', 'resolved', 'retry-succeeded', `run ${run} succeeded`, {
          retry: retried('resolved', null),
        });
        return outcomes;
      }
    }
    push('retrier', 'fixable', 'exhausted', `${runs} retries failed`, { retry: retried('exhausted', null) });
  } else {
    if (outcomes.length > stop) return outcomes;
    push('retrier', 'fixable', 'not-retryable', `${retryClass}: the same input gives the same error`, {
      retry: retried('not-retryable', null),
    });
  }
  if (outcomes.length > stop) return outcomes;
  const fixable = retryClass === 'never-fixable';
  const fix = fixOf(classification, fixable);
  if (fixable && random() < 0.2) {
    push('fixer', 'resolved', 'fix-verified', 'the fix passed in the sandbox', {
      fix: { ...fix, decision: 'applied' },
    });
    return outcomes;
  }
  push('fixer', 'unresolved', fixable ? 'proposed' : 'declined', fix.reason, { fix });
  if (outcomes.length > stop) return outcomes;
  push('escalator', 'escalated', 'escalated', 'no machine could end it', {
    escalation: escalated(classification, deadline),
  });
  return outcomes;
}

/** Where the cause stands in a log: some lines before its end. */
const causeLineOf = (lines: number): number => Math.max(0, lines - 2);

function logOf(message: string, group: number, lines: number): string {
  const text = Array.from(
    { length: lines },
    (_, line) => `[build] step ${line + 1}: module-${group}/part-${line}.ts compiled`,
  );
  text.splice(causeLineOf(lines), 0, message);
  return [...text, 'Process completed with exit code 1.'].join('\n');
}

function classified(
  [category, errorType, severity, retryClass, tool, message]: (typeof kinds)[number],
  group: number,
  line: number,
): Classification {
  const fingerprint = hashOf('group', group).slice(0, 32);
  return {
    category,
    errorType,
    severity,
    severityReason: `${category} stops the pipeline`,
    retryClass,
    tool,
    confidence: 0.95,
    strategy: 'rule',
    ruleId: category,
    title: `${message} (module ${group})`,
    cause: message,
    remedy: `look at ${category}`,
    evidence: [{ kind: 'match', id: category, text: message, line, weight: 1 }],
    causeLine: { line, text: message },
    symptomLine: null,
    exitLine: { line: line + 3, text: 'Process completed with exit code 1.' },
    region: [{ first: line, last: line + 3 }],
    exceptionType: null,
    frames: [],
    fingerprint: { version: '1', id: fingerprint, type: fingerprint, app: null, components: [category] },
    groupKey: fingerprint,
  };
}

function fixOf({ category }: Classification, fixable: boolean): FixState {
  if (!fixable)
    return { proposals: [], chosen: null, decision: 'declined', reason: 'no rule has a fix for it' };
  return {
    proposals: [
      {
        id: `fix-${category}`,
        kind: 'command',
        tier: 'rule',
        ruleId: category,
        title: `Mend ${category}`,
        body: 'npm install',
        files: ['package-lock.json'],
        confidence: 0.8,
        risk: 'low',
        evidence: ['the rule matched'],
        validation: ['npm ci'],
        verification: 'none',
      },
    ],
    chosen: `fix-${category}`,
    decision: 'proposed',
    reason: 'a fix is proposed for a person',
  };
}

const escalated = ({ title, fingerprint, category }: Classification, deadline: number): Escalation => ({
  level: 'human',
  policy: 'default@1',
  route: 'root',
  groupKey: fingerprint.id,
  incidentId: `inc-${fingerprint.id.slice(0, 8)}`,
  priority: 2,
  title,
  summary: `${category} has no machine-made end`,
  channels: ['mailbox'],
  deadline,
  reason: 'no earlier level ended it',
});

/** A report of the classifier. */
export const rangeOutcome = (
  at: number,
  topicId: string,
  partition: number,
  from: number,
  to: number,
  count = to - from,
): Outcome =>
  wholeOutcome({
    id: hashOf('range', topicId, partition, from, to).slice(0, 32),
    subject: 'range',
    stage: 'classifier',
    at,
    range: { topicId, partition, from, to, count },
  });
