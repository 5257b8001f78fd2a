import { lineServices, type LineService } from '../support/line-processes.ts';
import { effectsUnderWay, type Fault, type FaultContext } from './fault-context.ts';
import { endsOf, untilCommitted } from './recovery.ts';
import { sessionTimeoutMs } from './chaos-line.ts';
import type { ServiceSlot } from './service-slot.ts';

/** Longer than the session, so that the group goes on without the paused one and it wakes as a zombie. */
const PAUSE_MS = sessionTimeoutMs + 3_000;
const CRASH_WAIT_MS = 15_000;

const stagePoints = ['after-init', 'after-produce', 'after-send-offsets', 'after-commit'] as const;
/** Where each service is made to crash. */
export const crashPointsOf: Readonly<Record<LineService, readonly string[]>> = {
  classifier: stagePoints,
  retrier: stagePoints,
  fixer: stagePoints,
  escalator: [
    ...stagePoints,
    'inbox-before-commit',
    'inbox-after-commit',
    'outbox-after-send',
    'effect-after-call',
  ],
  analytics: ['inbox-before-commit', 'inbox-after-commit'],
};

/** Topics whose offsets tell that a service has recovered. */
const inputsOf: Readonly<Partial<Record<LineService, readonly string[]>>> = {
  classifier: ['errors.raw'],
  retrier: ['errors.classified'],
  fixer: ['errors.fixable'],
  escalator: ['errors.unresolved'],
};

function runningSlot({ line, random }: FaultContext, service: LineService): ServiceSlot {
  return random.pick(line.slotsOf(service).filter(({ pid }) => pid !== undefined));
}

function countEffects({ counts }: FaultContext, service: string): void {
  if (service === 'escalator') counts.effectCrashes += effectsUnderWay;
}

/** kill -9 of one instance; nobody replaces it until the others have taken over. Measures how long that takes. */
export async function killAndMeasure(context: FaultContext, service: LineService): Promise<void> {
  const { line, admin, counts, recoveries, log } = context;
  const inputs = inputsOf[service] ?? [];
  const slot = runningSlot(context, service);
  const ends = await endsOf(admin, inputs);
  const since = performance.now();
  await slot.kill();
  counts.kills += 1;
  countEffects(context, service);
  log(`kill -9 ${slot.name}, measured`);
  const records = [...ends.values()].reduce((sum, end) => sum + end, 0);
  recoveries.push({
    service,
    seconds: await untilCommitted(admin, `faultline.${service}`, ends, since),
    records,
  });
  await slot.start();
  await line.heal();
}

/** kill -9 of an instance of one or two services; each starts again at once or a little later. */
export const killService: Fault = async (context) => {
  const { random, counts, log, pause } = context;
  const services = random.shuffled(lineServices).slice(0, random.whole(1, 2));
  for (const service of services) {
    const slot = runningSlot(context, service);
    log(`kill -9 ${slot.name}`);
    await slot.kill();
    counts.kills += 1;
    countEffects(context, service);
    await pause(random.whole(0, 2_000));
    await slot.start();
  }
  await pause(2_000);
};

/** SIGSTOP for longer than the session: the others take over, then a zombie wakes. */
export const pauseService: Fault = async (context) => {
  const { random, counts, log, pause } = context;
  const services = random.shuffled(lineServices).slice(0, 2);
  const slots = services.map((service) => runningSlot(context, service));
  for (const slot of slots) {
    log(`SIGSTOP ${slot.name}`);
    slot.pause(true);
    counts.pauses += 1;
    countEffects(context, slot.service);
  }
  await pause(PAUSE_MS);
  for (const slot of slots) slot.pause(false);
  await pause(2_000);
};

/** SIGSTOP of the service that the load reaches first: a zombie that surely wakes with records in its hands. */
export const pauseClassifier: Fault = async (context) => {
  const slot = runningSlot(context, 'classifier');
  context.log(`SIGSTOP ${slot.name}`);
  slot.pause(true);
  context.counts.pauses += 1;
  await context.pause(PAUSE_MS);
  slot.pause(false);
};

/** One instance of each service crashes at a point; every point of each has its turn. */
export function crashPoints(): Fault {
  const queues = new Map<LineService, string[]>();
  return async (context) => {
    const { random, counts, log, pause } = context;
    await Promise.all(
      lineServices.map(async (service) => {
        const queue = queues.get(service) ?? [];
        queues.set(service, queue);
        if (queue.length === 0) queue.push(...random.shuffled(crashPointsOf[service]));
        const point = queue.shift() ?? '';
        const slot = runningSlot(context, service);
        const nth = point.startsWith('outbox') || point.startsWith('effect') ? 1 : random.whole(1, 4);
        await slot.kill();
        counts.kills += 1;
        countEffects(context, service);
        await slot.start(`${point}:${nth}`);
        if (await slot.ended(CRASH_WAIT_MS)) {
          counts.kills += 1;
          counts.crashPoints[`${service}/${point}`] = (counts.crashPoints[`${service}/${point}`] ?? 0) + 1;
          countEffects(context, service);
          log(`${slot.name} crashed at ${point}`);
        } else {
          log(`${slot.name} did not pass ${point}`);
          queue.push(point);
          await slot.kill();
        }
        await slot.start();
      }),
    );
    await pause(500);
  };
}

/** 2, 3, 1, 2 instances of two services. */
export const scale: Fault = async (context) => {
  const { line, random, log, pause } = context;
  for (const service of random.shuffled(lineServices).slice(0, 2)) {
    log(`scale ${service}: 3, 1, 2`);
    const slots = line.slotsOf(service);
    const [first, second, third] = slots;
    await third?.start();
    await pause(3_000);
    await Promise.all([first?.stop(), second?.stop()]);
    await pause(2_000);
    await Promise.all([first?.start(), second?.start()]);
    await pause(1_000);
    await third?.stop();
  }
};

/** One instance after the other, by SIGTERM, as a deploy does it. */
export const rollingRestart: Fault = async ({ line, log, pause }) => {
  log('rolling restart');
  for (const index of [0, 1]) {
    await Promise.all(
      line.slots
        .filter((slot) => slot.index === index)
        .map(async (slot) => {
          await slot.stop();
          await slot.start();
        }),
    );
    await pause(3_000);
  }
};
