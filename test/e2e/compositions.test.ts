import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClassifierStage } from '@faultline/classifier';
import { createEscalatorStage } from '@faultline/escalator';
import { createFixerStage } from '@faultline/fixer';
import { createRetrierStage } from '@faultline/retrier';
import { errorEvent, openRecord, type ErrorEvent, type Outcome } from '@faultline/schemas';
import {
  baselineSnapshots,
  Pipeline,
  type LineClock,
  type Stage,
  type StageWithKnowledge,
} from '@faultline/stream';
import { LocalAnswers } from '@faultline/stream';
import { loadCorpus } from '../corpus/load.ts';
import { LineClient } from '../support/line-client.ts';
import { provisionLine, startLine, stopLine, type ServiceProcess } from '../support/line-processes.ts';
import { serviceEnvironment, testEnvironment } from '../support/test-environment.ts';

const test = testEnvironment();
const env = serviceEnvironment(test);
const run = `${process.pid}-${Math.floor(performance.now())}`;
const EVENTS = 80;

const clock: LineClock = {
  now: Date.now,
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

const withBaseline = (stage: unknown): StageWithKnowledge => ({
  stage: stage as Stage,
  knowledge: baselineSnapshots((stage as Stage).knowledge),
});

/** Every second failure of the corpus, so that each tool is there. */
const events: readonly ErrorEvent[] = loadCorpus()
  .filter(({ kind }) => kind === 'failure')
  .filter((_, index) => index % 2 === 0)
  .slice(0, EVENTS)
  .map((item, index) =>
    errorEvent({
      id: `agree-${index}-${run}`,
      time: Date.now(),
      source: 'test',
      message: item.output.trimEnd().split('\n').at(-1)?.slice(0, 300) || item.id,
      log: { text: item.output, truncated: false, omittedLines: null, pointer: null },
      exitCode: item.exitCode,
      repository: index % 3 === 0 ? 'acme/shop' : null,
      environment: index % 4 === 0 ? 'production' : 'ci',
    }),
  );

/** What was decided, without the clock. */
function decisionOf({
  stage,
  from,
  to,
  reason,
  classification,
  fix,
  escalation,
  retry,
  versions,
}: Outcome): unknown {
  return {
    stage,
    from,
    to,
    reason,
    classification,
    fix,
    escalation: escalation === null ? null : { ...escalation, deadline: 0 },
    retry: retry === null ? null : { ...retry, nextAt: null, attempts: [] },
    versions,
  };
}

let services: readonly ServiceProcess[] = [];
let client: LineClient;

beforeAll(async () => {
  expect((await provisionLine(env)).code).toBe(0);
  client = await LineClient.connect(test, ['errors.escalated', 'errors.outcomes', 'errors.dead-letter']);
  services = await startLine(env);
});

afterAll(async () => {
  await stopLine(services);
  await client.close();
});

describe('the same events on Kafka and in one process', () => {
  it(`give the same decisions, for ${EVENTS} real failures`, async () => {
    for (const event of events) await client.send(event, { key: event.id });
    for (const event of events) await client.ended(event.id, 60_000);

    for (const event of events) {
      const onKafka = await client.outcomes(event.id);
      const [first] = onKafka;
      if (first?.coordinate == null || first.receivedAt == null || first.deadline == null) {
        throw new Error(`${event.id} has no first transition`);
      }
      const inProcess: Outcome[] = [];
      const pipeline = new Pipeline({
        stages: {
          classifier: withBaseline(createClassifierStage()),
          retrier: withBaseline(createRetrierStage({ attemptTimeoutMs: 30_000 })),
          fixer: withBaseline(createFixerStage({ enabled: true })),
          escalator: withBaseline(createEscalatorStage()),
        },
        answerer: new LocalAnswers({ clock, executors: {} }),
        clock,
        onOutcome: (outcome) => inProcess.push(outcome),
      });
      await pipeline.submit(openRecord(event, first.coordinate, first.receivedAt, first.deadline));
      expect(inProcess.map(decisionOf)).toEqual(onKafka.map(decisionOf));
      expect(inProcess.map(({ id }) => id)).toEqual(onKafka.map(({ id }) => id));
    }
  });
});
