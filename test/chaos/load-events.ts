import { errorEvent, type ErrorEvent, type Rerun } from '@faultline/schemas';
import type { RerunTarget, TargetMode } from './rerun-target.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What an event is made with. */
export interface EventMaker {
  readonly random: SeededRandom;
  readonly target: RerunTarget;
  /** Time, in milliseconds since the epoch. */
  readonly now: number;
  /** How long the load goes on, in milliseconds: what takes long is not begun near its end. */
  readonly leftMs: number;
}

/** Errors that no retry ends, by where they end up: an agent, people, or a proposal for a fix. */
const unretryable = [
  {
    message: "src/app.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.",
    exitCode: 2,
  },
  {
    message: 'npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree',
    exitCode: 1,
    task: 'npm ci',
  },
  { message: "ModuleNotFoundError: No module named 'requests'", exitCode: 1, task: 'pytest' },
  { message: 'error[E0308]: mismatched types\n --> src/main.rs:4:18', exitCode: 101 },
  { message: 'fatal: Authentication failed for https://git.example/acme/shop.git', exitCode: 128 },
  {
    message: 'FAILED tests/test_cart.py::test_total - AssertionError: assert 3 == 4',
    exitCode: 1,
    task: 'pytest',
  },
  { message: 'verifying module: checksum mismatch\nSECURITY ERROR', exitCode: 1 },
  { message: 'x509: certificate has expired or is not yet valid', exitCode: 1 },
] as const;

/** Errors that pass with time. */
const passing = [
  'connect ECONNREFUSED 10.0.0.7:443',
  'read ECONNRESET while fetching https://registry.example/left-pad',
  'curl: (6) Could not resolve host: cache.example',
  'fatal: the remote end hung up unexpectedly',
] as const;

/** Few, since an agent run is asked for once an incident, and the agent's vendor takes ten a minute. */
const repositories = ['acme/shop', 'globex/core'] as const;

/** One event of the load, as its producer would send it. */
export function loadEvent(maker: EventMaker, number: number): ErrorEvent {
  const { random, now } = maker;
  const id = `load-${number}-${random.whole(0, 0xffffff).toString(36)}`;
  const base = {
    id,
    time: now - random.whole(0, 5_000),
    source: random.pick(['github', 'gitlab', 'jenkins']),
    repository: random.pick(repositories),
    environment: random.pick(['ci', 'staging', 'production']),
    run: String(random.whole(1, 10_000)),
    labels: { nonce: `${number}` },
    ...(random.next() < 0.5 ? { operation: `operation-${random.whole(1, 40)}` } : {}),
  };
  return random.weighted<() => ErrorEvent>([
    [40, () => errorEvent({ ...base, ...random.pick(unretryable) })],
    [35, () => errorEvent({ ...base, message: random.pick(passing), rerun: rerunOf(maker, id) })],
    [
      5,
      () =>
        errorEvent({
          ...base,
          ...random.pick(unretryable),
          severityHint: 'critical',
          environment: 'production',
        }),
    ],
    [5, () => errorEvent({ ...base, message: passing[0] })], // no way to run it again
    [
      5,
      () =>
        errorEvent({
          ...base,
          message: passing[1],
          rerun: { ...rerunOf(maker, id), idempotent: false, sideEffects: ['publish'] },
        }),
    ],
    [
      5,
      () =>
        errorEvent({
          ...base,
          ...random.pick(unretryable),
          log: { text: longLog(random), truncated: false, omittedLines: null, pointer: null },
        }),
    ],
    [5, () => errorEvent({ ...base, message: `something odd ${random.whole(1, 1_000)} happened` })],
  ])();
}

function rerunOf({ random, target, leftMs }: EventMaker, id: string): Rerun {
  const idempotent = random.next() < 0.7;
  const mode = random.weighted<TargetMode>([
    [30, 'ok'],
    [25, 'fail-1'],
    [12, 'fail-2'],
    [leftMs > 45_000 ? 10 : 0, 'always'],
    [leftMs > 20_000 ? 8 : 0, 'slow'],
    [8, 'drop'],
    [leftMs > 30_000 ? 5 : 0, 'mute'],
  ]);
  return {
    kind: 'http',
    target: target.url(mode, id, idempotent),
    method: 'POST',
    headers: {},
    body: JSON.stringify({ id }),
    key: null,
    idempotent,
    sideEffects: [],
    credentials: null,
    timeoutMs: mode === 'slow' ? 20_000 : 3_000,
  };
}

function longLog(random: SeededRandom): string {
  const lines = Array.from({ length: random.whole(200, 3_000) }, (_, line) => `${line}: ok, going on`);
  lines.push('npm ERR! code ERESOLVE', 'npm ERR! unable to resolve dependency tree', 'exit code 1');
  return lines.join('\n');
}

/** The same id with another payload. */
export const conflicting = (event: ErrorEvent, number: number): ErrorEvent => ({
  ...event,
  labels: { ...event.labels, conflict: `${number}` },
});
