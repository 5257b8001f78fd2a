import { describe, expect, it } from 'vitest';
import { errorEvent } from './defaults.ts';
import { problemsText, readContractInput } from './contract-input.ts';

const least = { id: 'a', time: 1_750_000_000_000, source: 'ci', message: 'boom' };
const problemsOf = (input: unknown): string => {
  const read = readContractInput('ErrorEvent', input);
  return read.ok ? '' : problemsText(read.problems);
};

describe('JSON as a record of the contract', () => {
  it('fills what is absent with the defaults of the schema', () => {
    expect(readContractInput('ErrorEvent', least)).toEqual({ ok: true, value: errorEvent(least) });
  });

  it('takes what the caller fills in, and a time as in ISO 8601', () => {
    const read = readContractInput(
      'ErrorEvent',
      { message: 'boom', time: '2026-01-02T03:04:05Z' },
      { id: 'made', source: 'cli' },
    );
    expect(read).toMatchObject({ ok: true, value: { id: 'made', source: 'cli', time: 1_767_323_045_000 } });
  });

  it('reads nested records, maps and lists', () => {
    const rerun = { kind: 'http', target: 'http://ci/again', idempotent: true };
    const read = readContractInput('ErrorEvent', {
      ...least,
      rerun,
      log: { text: 'x' },
      context: { cpuUsage: 85, ok: false, userId: 'u' },
      fingerprint: ['mine'],
    });
    expect(read).toMatchObject({
      ok: true,
      value: {
        rerun: { ...rerun, headers: {}, sideEffects: [], timeoutMs: null },
        log: { truncated: false },
        context: { cpuUsage: 85, ok: false, userId: 'u' },
      },
    });
  });

  it.each([
    [{}, 'id is missing; give it: Identity that the producer gave'],
    [
      { ...least, exitCode: '1' },
      'exitCode is the text "1"; give a whole number of at most 32 bits: Exit code',
    ],
    [{ ...least, id: '' }, 'id is empty; give a text'],
    [{ ...least, time: 'yesterday' }, 'time is the text "yesterday"; give milliseconds since the epoch'],
    [
      { ...least, exit_code: 1 },
      'exit_code is not a field of the contract; write "exitCode", or put it into "context"',
    ],
    [
      { ...least, rerun: { kind: 'ftp', target: 'x' } },
      'rerun.kind is the text "ftp"; give one of http, kafka, ci',
    ],
    [
      { ...least, context: { user: { id: 1 } } },
      'context.user is an object; give a text, a number, a true or false',
    ],
    [{ ...least, fingerprint: ['a', 2] }, 'fingerprint[1] is number 2; give a text'],
    [['boom'], 'the input is a list; give an object'],
    [null, 'the input is null; give an object'],
  ])('says which field of %j is wrong and what to do', (input, text) => {
    expect(problemsOf(input)).toContain(text);
  });

  it('tells every problem, up to a bound', () => {
    const unknown = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`field${index}`, 1]));
    const read = readContractInput('ErrorEvent', { ...least, ...unknown });
    expect(read.ok ? [] : read.problems).toHaveLength(20);
  });

  it('reads an observation', () => {
    const run = { id: 'r', at: 1, source: 'ci', kind: 'run-finished', result: 'passed' };
    expect(readContractInput('Observation', run)).toMatchObject({ ok: true, value: { ...run, numbers: {} } });
    expect(readContractInput('Observation', { ...run, kind: 'nonsense' })).toMatchObject({ ok: false });
  });
});
