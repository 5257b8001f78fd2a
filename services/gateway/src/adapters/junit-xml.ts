import { XMLParser } from 'fast-xml-parser';
import { errorEvent, observation, type ErrorEvent, type Observation } from '@faultline/schemas';
import { hashOf } from '@faultline/stream';
import { list, member, text } from '../domain/parse-json.ts';
import { unreadable, type Adapted, type Reception } from '../domain/received.ts';

/** What a JUnit file does not say: given as query parameters. */
export interface JunitRun {
  readonly repository?: string;
  readonly commit?: string;
  readonly ref?: string;
  readonly pipeline?: string;
  readonly run?: string;
  readonly task?: string;
  readonly attempt?: number;
  readonly runner?: string;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#text',
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true, // numeric references such as &#10; are among these
  isArray: (name) => ['testsuite', 'testcase', 'failure', 'error'].includes(name),
});

/** A test case, with the suites that it stands in. */
interface Case {
  readonly node: unknown;
  readonly suite: string;
}

/**
 * A JUnit XML report: one error for each failed or broken test case, and one observation of the run. The ids
 * are hashes of run and test where the run is named, so that a report sent twice counts once.
 */
export function readJunitXml(body: Buffer, run: JunitRun, { now, newId }: Reception): Adapted {
  const xml = body.toString('utf8');
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) {
    return unreadable('declares a document type', 'leave it out: entities are not resolved');
  }
  let document: unknown;
  try {
    document = parser.parse(xml, true);
  } catch (error) {
    return unreadable(
      `is no XML: ${error instanceof Error ? error.message : String(error)}`,
      'send the report as it was written',
    );
  }
  const suites = list(member(document, 'testsuites', 'testsuite') ?? member(document, 'testsuite'));
  if (suites.length === 0 && member(document, 'testsuites') === undefined) {
    return unreadable('has neither <testsuites> nor <testsuite>', 'send a JUnit XML report');
  }
  const identity =
    run.run === undefined ? newId() : hashOf(run.repository ?? '', run.run, run.attempt ?? 1, run.task ?? '');
  const cases = suites.flatMap((suite) => casesOf(suite, ''));
  const shared = {
    source: 'junit',
    repository: run.repository ?? null,
    commit: run.commit ?? null,
    ref: run.ref ?? null,
    pipeline: run.pipeline ?? null,
    run: run.run ?? null,
    attempt: run.attempt ?? null,
    runner: run.runner ?? null,
  };
  const events = cases.flatMap((test) => eventsOf(test, identity, { ...shared, time: now }));
  return { ok: true, events, observations: [runOf(cases, events.length, identity, shared, run, now)] };
}

function casesOf(suite: unknown, outer: string): readonly Case[] {
  const name = text(member(suite, '@name')) ?? outer;
  return [
    ...list(member(suite, 'testcase')).map((node) => ({ node, suite: name })),
    ...list(member(suite, 'testsuite')).flatMap((inner) => casesOf(inner, name)),
  ];
}

function eventsOf(
  { node, suite }: Case,
  identity: string,
  shared: Omit<Parameters<typeof errorEvent>[0], 'id' | 'message'>,
): readonly ErrorEvent[] {
  const name = text(member(node, '@name')) ?? 'unnamed';
  const group = text(member(node, '@classname')) ?? suite;
  const task = group === '' || name.startsWith(group) ? name : `${group} › ${name}`;
  const broken = [...list(member(node, 'failure')), ...list(member(node, 'error'))];
  return broken.map((failure, index) => {
    const details = typeof failure === 'string' ? failure : (text(member(failure, '#text')) ?? '');
    const said = text(member(failure, '@message')) ?? details.split('\n').find((line) => line.trim() !== '');
    return errorEvent({
      ...shared,
      id: `junit-${hashOf(identity, suite, task, index).slice(0, 32)}`,
      message: said?.trim() ?? `${task} failed`,
      type: text(member(failure, '@type')),
      stack: details.trim() === '' ? null : details.trim(),
      task,
      environment: 'ci',
      labels: { suite },
    });
  });
}

function runOf(
  cases: readonly Case[],
  failed: number,
  identity: string,
  shared: Pick<
    Observation,
    'source' | 'repository' | 'commit' | 'ref' | 'pipeline' | 'run' | 'attempt' | 'runner'
  >,
  run: JunitRun,
  now: number,
): Observation {
  const skipped = cases.filter(({ node }) => member(node, 'skipped') !== undefined).length;
  const seconds = cases.reduce((sum, { node }) => sum + (Number(member(node, '@time')) || 0), 0);
  return observation({
    ...shared,
    id: `junit-run-${identity.slice(0, 32)}`,
    at: now,
    kind: 'run-finished',
    result: failed > 0 ? 'failed' : 'passed',
    job: run.task ?? null,
    task: run.task ?? null,
    durationMs: Math.round(seconds * 1000),
    numbers: { tests: cases.length, failed, skipped },
  });
}
