import { beforeEach, describe, expect, it } from 'vitest';
import type { ErrorRecord } from '@faultline/schemas';
import { IncidentClock } from '../testing/incident-clock.ts';
import { classified, unresolved } from '../testing/sample-record.ts';
import { defaultPolicy } from './default-policy.ts';
import { effectKinds } from './effect.ts';

const MINUTE = 60;
const HOUR = 3_600;
const at = (second: number): number => second;
const between = (from: number, to: number): readonly [number, number] => [from, to];

let clock: IncidentClock;
const push = (second: number, record: ErrorRecord = unresolved()): void => clock.push(second, record);
/** What went out in a window of seconds, both ends included. */
const told = ([from, to]: readonly [number, number]): readonly string[] =>
  clock.sent
    .filter((sent) => sent.at >= from && sent.at <= to)
    .map(({ channel, kind }) => `${channel} ${kind}`)
    .sort();
const want = (...notices: readonly string[]): readonly string[] => [...notices].sort();

beforeEach(() => {
  clock = new IncidentClock();
});

describe('timeline of an incident', () => {
  it('waits for its group, then tells each channel once, however many records there are', () => {
    for (let n = 0; n < 200; n += 1) push(at(1 + (n % 20)));
    clock.run(4 * MINUTE);
    expect(told(between(0, 30))).toEqual(want());
    expect(told(between(31, 31))).toEqual(want('linear open', 'slack open', 'webhook open'));
    expect(told(between(32, 4 * MINUTE))).toEqual(want());
    expect(clock.sent[0]?.records).toBe(200);
    expect(clock.transitions.map(({ to }) => to)).toEqual(['open']);
  });

  it('tells of new records after the interval, not before', () => {
    push(at(1));
    push(at(40));
    push(at(50));
    clock.run(20 * MINUTE);
    expect(told(between(31, 31))).toEqual(want('linear open', 'slack open', 'webhook open'));
    expect(told(between(32, 330))).toEqual(want());
    expect(told(between(331, 331))).toEqual(want('slack update', 'webhook update'));
    expect(told(between(332, 20 * MINUTE))).toEqual(want());
    expect(clock.sent.find(({ kind }) => kind === 'update')?.records).toBe(3);
  });

  it('repeats while nobody has acknowledged, and stops then', () => {
    push(at(0));
    clock.act(at(9 * HOUR), 'fp-dns', 'acknowledge');
    clock.run(20 * HOUR);
    expect(told(between(4 * HOUR + 30, 4 * HOUR + 30))).toEqual(want('slack repeat', 'webhook repeat'));
    expect(told(between(8 * HOUR + 30, 8 * HOUR + 30))).toEqual(want('slack repeat', 'webhook repeat'));
    expect(told(between(9 * HOUR, 20 * HOUR))).toEqual(want('webhook acknowledge'));
  });

  it('says nothing of what was resolved before the wait', () => {
    push(at(0));
    clock.act(at(20), 'fp-dns', 'resolve');
    clock.run(HOUR);
    expect(clock.sent).toEqual([]);
    expect(clock.transitions.map(({ to, reason }) => [to, reason])).toEqual([
      ['open', 'first-record'],
      ['resolved', 'resolved'],
    ]);
  });

  it('tells who was told when it is resolved', () => {
    push(at(0));
    clock.act(at(60), 'fp-dns', 'resolve');
    clock.run(HOUR);
    expect(told(between(60, 60))).toEqual(want('linear resolve', 'slack resolve', 'webhook resolve'));
  });

  it('acknowledging races the notice: whichever way, nothing is sent behind it', () => {
    push(at(0));
    clock.act(at(30), 'fp-dns', 'acknowledge');
    clock.run(HOUR);
    expect(clock.sent).toEqual([]);
  });

  it('opens the same incident again within the window, a linked one after it', () => {
    push(at(0));
    clock.act(at(60), 'fp-dns', 'resolve');
    push(at(HOUR));
    clock.run(HOUR + 30);
    const first = clock.incident('fp-dns');
    expect(told(between(HOUR, HOUR + 30))).toEqual(want('linear reopen', 'slack reopen', 'webhook reopen'));
    expect(first).toMatchObject({ episode: 1, status: 'open', records: 2 });

    clock.act(at(2 * HOUR), 'fp-dns', 'resolve');
    push(at(2 * HOUR + 24 * HOUR + 1));
    clock.run(27 * HOUR);
    expect(clock.incident('fp-dns')).toMatchObject({ episode: 2, previous: first?.id, records: 1 });
    expect(told(between(26 * HOUR, 27 * HOUR))).toEqual(want('linear open', 'slack open', 'webhook open'));
  });

  it('expires once at its deadline and pages, although it was acknowledged', () => {
    push(at(0));
    clock.act(at(60), 'fp-dns', 'acknowledge');
    clock.run(24 * HOUR - 1);
    expect(told(between(61, 24 * HOUR - 1))).toEqual(want());
    clock.run(24 * HOUR + 5 * HOUR);
    expect(told(between(24 * HOUR, 29 * HOUR))).toEqual(
      want('linear expire', 'slack expire', 'webhook expire', 'pagerduty expire'),
    );
    expect(clock.incident('fp-dns')?.status).toBe('expired');
  });

  it('pages at once for a critical error, within its hour', () => {
    push(at(5), unresolved({ classification: classified({ severity: 'critical' }) }));
    clock.run(5);
    expect(told(between(5, 5))).toEqual(
      want('linear open', 'slack open', 'email open', 'webhook open', 'pagerduty open'),
    );
    clock.run(HOUR + 5);
    expect(told(between(6, HOUR + 5))).toEqual(
      want('linear expire', 'slack expire', 'email expire', 'webhook expire', 'pagerduty expire'),
    );
  });

  it('tells the channels that a worse record adds, at once and those alone', () => {
    const { routes } = defaultPolicy;
    const together = routes.map((route) => ({ ...route, groupBy: ['group'] as const }));
    clock = new IncidentClock({ ...defaultPolicy, routes: together });
    push(at(0));
    push(at(60), unresolved({ classification: classified({ severity: 'critical' }) }));
    clock.run(61);
    expect(told(between(31, 59))).toEqual([]);
    expect(told(between(60, 60))).toEqual(want('email open', 'pagerduty open'));
    expect(clock.incident('fp-dns')).toMatchObject({ severity: 'critical', priority: 1, records: 2 });
    expect(clock.incident('fp-dns')?.deadline).toBe(60_000 + 3_600_000); // the nearer one
  });

  it('keeps apart what routes group differently', () => {
    push(at(0));
    push(at(60), unresolved({ classification: classified({ severity: 'critical' }) }));
    clock.run(61);
    expect([clock.incident('fp-dns')?.records, clock.incident('fp-dns|')?.records]).toEqual([1, 1]);
  });

  it('holds back what is silenced, and tells it when the silence ends if it is still true', () => {
    clock.silences = [
      {
        id: 'window',
        matchers: [{ field: 'category', op: 'is', values: ['network.*'] }],
        startsAt: 0,
        endsAt: 600_000,
      },
    ];
    push(at(0));
    push(at(0), unresolved({ classification: classified({ groupKey: 'fp-two' }) }));
    clock.act(at(300), 'fp-two', 'resolve');
    clock.run(HOUR);
    expect(told(between(0, 599))).toEqual(want());
    expect(told(between(600, HOUR))).toEqual(want('linear open', 'slack open', 'webhook open'));
  });

  it('gives no effect the same id twice, whatever happens', () => {
    push(at(0));
    clock.act(at(100), 'fp-dns', 'acknowledge');
    clock.act(at(200), 'fp-dns', 'resolve');
    push(at(300));
    clock.act(at(400), 'fp-dns', 'resolve');
    push(at(500));
    clock.run(30 * HOUR);
    const keys = clock.sent.map(({ at: second, ...rest }) => `${second} ${JSON.stringify(rest)}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(clock.sent.every(({ kind }) => (effectKinds as readonly string[]).includes(kind))).toBe(true);
    expect(clock.transitions.map(({ sequence }) => sequence)).toEqual(
      clock.transitions.map((_one, index) => index),
    );
    expect(new Set(clock.transitions.map(({ transitionId }) => transitionId)).size).toBe(
      clock.transitions.length,
    );
  });
});
