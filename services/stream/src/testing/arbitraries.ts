import fc from 'fast-check';
import type { ErrorEvent, ErrorRecord, Rerun } from '@faultline/schemas';

const EARLIEST_MS = 1_700_000_000_000;
const LATEST_MS = 1_900_000_000_000;

const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { nil: null });

const text = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    'npm ERR! code ECONNRESET',
    "error TS2322: Type 'string' is not assignable to type 'number'.",
    '\u001b[31mNo space left on device\u001b[0m',
    'Error: connect ECONNREFUSED 127.0.0.1:5432\n    at TCPConnectWrap.afterConnect (node:net:1555:16)',
    'Process completed with exit code 1.',
  ),
);

const whole = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });

/** Any way to run an operation again. */
export const arbitraryRerun: fc.Arbitrary<Rerun> = fc.record({
  kind: fc.constantFrom('http', 'kafka', 'ci', 'command', 'local'),
  target: text,
  method: nullable(fc.constantFrom('GET', 'POST', 'PUT')),
  headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 8 }), {
    maxKeys: 2,
  }),
  body: nullable(text),
  key: nullable(text),
  idempotent: fc.boolean(),
  sideEffects: fc.array(fc.constantFrom('deploy', 'publish', 'migrate', 'none'), { maxLength: 2 }),
  credentials: nullable(fc.constant('ci-bot')),
  timeoutMs: nullable(whole(60_000)),
});

/** Any event that the contract lets through, hostile ones among them. */
export const arbitraryEvent: fc.Arbitrary<ErrorEvent> = fc.record({
  id: fc.string({ minLength: 1, maxLength: 40 }),
  time: fc.integer({ min: 0, max: LATEST_MS }),
  source: text,
  message: text,
  type: nullable(text),
  stack: nullable(text),
  log: nullable(
    fc.record({
      text: fc.array(text, { maxLength: 20 }).map((lines) => lines.join('\n')),
      truncated: fc.boolean(),
      omittedLines: nullable(whole(1000)),
      pointer: nullable(text),
    }),
  ),
  exitCode: nullable(fc.integer({ min: -1, max: 255 })),
  signal: nullable(fc.constantFrom('SIGKILL', 'SIGSEGV')),
  severityHint: nullable(fc.constantFrom('low', 'critical', 'nonsense')),
  environment: nullable(fc.constantFrom('production', 'ci', 'staging')),
  repository: nullable(text),
  commit: nullable(fc.string({ maxLength: 40 })),
  ref: nullable(fc.constantFrom('main', 'feature/x')),
  pipeline: nullable(text),
  run: nullable(text),
  task: nullable(fc.constantFrom('test', 'deploy', 'npm publish', 'build')),
  attempt: nullable(fc.integer({ min: 1, max: 9 })),
  runner: nullable(text),
  agent: nullable(text),
  labels: fc.dictionary(fc.string({ maxLength: 8 }), text, { maxKeys: 3 }),
  context: fc.dictionary(
    fc.string({ maxLength: 8 }),
    fc.oneof(fc.string({ maxLength: 20 }), fc.double({ noNaN: true }), fc.boolean()),
    { maxKeys: 3 },
  ),
  operation: nullable(fc.string({ minLength: 1, maxLength: 12 })),
  rerun: nullable(arbitraryRerun),
  fingerprint: fc.array(fc.constantFrom('{{ default }}', 'mine'), { maxLength: 2 }),
  redriveOf: fc.constant(null),
});

/** Any record as the runtime opens it on errors.raw. */
export const arbitraryRawRecord: fc.Arbitrary<ErrorRecord> = fc
  .record({
    event: arbitraryEvent,
    offset: whole(1_000_000),
    partition: whole(16),
    receivedAt: fc.integer({ min: EARLIEST_MS, max: LATEST_MS }),
  })
  .map(({ event, offset, partition, receivedAt }) => ({
    coordinate: { topicId: 'dG9waWMtaWQtZm9yLXRlc3Q', partition, offset },
    event,
    receivedAt,
    clockSkewMs: null,
    classification: null,
    retry: null,
    fix: null,
    escalation: null,
    round: 0,
    hops: 0,
    deadline: receivedAt + 86_400_000,
    versions: {},
  }));
