import { existsSync, readdirSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { dataFolder, loadCorpus } from './load.ts';
import { maskMessage, stripAnsi } from './mask.ts';
import { logLines } from './record.ts';
import { isFailing } from './define.ts';
import { tools } from './scenarios/index.ts';
import { categories, retryClasses } from './taxonomy.ts';

const items = loadCorpus();
const failures = items.filter((item) => item.kind === 'failure');
const passing = items.filter((item) => item.kind === 'passing');

const countBy = (keys: readonly string[]): ReadonlyMap<string, number> =>
  keys.reduce((counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1), new Map<string, number>());

const repeated = (keys: readonly string[]): readonly string[] =>
  [...countBy(keys)].filter(([, count]) => count > 1).map(([key]) => key);

describe('the corpus', () => {
  it('has at least 200 failures of at least 20 tools, at most 15 of each', () => {
    const counts = countBy(failures.map((item) => item.tool));
    expect(failures.length).toBeGreaterThanOrEqual(200);
    expect(counts.size).toBeGreaterThanOrEqual(20);
    expect([...counts].filter(([, count]) => count > 15)).toEqual([]);
  });

  it('has at least 60 passing logs of tools that also fail', () => {
    const failing = new Set(failures.map((item) => item.tool));
    expect(passing.length).toBeGreaterThanOrEqual(60);
    expect(passing.filter((item) => !failing.has(item.tool)).map((item) => item.id)).toEqual([]);
    expect(
      passing.filter((item) => item.exitCode !== 0 || item.label !== null).map((item) => item.id),
    ).toEqual([]);
  });

  it('has no failure twice: tool and masked message are unique', () => {
    expect(repeated(failures.map((item) => `${item.tool}: ${maskMessage(item.message ?? '')}`))).toEqual([]);
    expect(repeated(items.map((item) => item.id))).toEqual([]);
  });

  it('labels each failure from the closed lists', () => {
    const outside = failures.filter(
      ({ label, exitCode }) =>
        label === null ||
        !categories.includes(label.category) ||
        !retryClasses.includes(label.retryClass) ||
        exitCode === 0,
    );
    expect(outside.map((item) => item.id)).toEqual([]);
  });

  it('carries the labels that the scripts set', () => {
    const labels = tools.flatMap((tool) =>
      tool.scenarios
        .filter(isFailing)
        .map((scenario) => [scenario.id, tool.tool, ...scenario.fails].join(' ')),
    );
    expect(
      failures.map((item) => [item.id, item.tool, item.label?.category, item.label?.retryClass].join(' ')),
    ).toEqual(labels);
  });

  it('points at the line that tells the cause', () => {
    const astray = failures.filter(({ message, messageLine, output }) => {
      const line = stripAnsi(logLines(output)[messageLine ?? -1] ?? '');
      return message === null || message === '' || !line.includes(message);
    });
    expect(items.filter((item) => item.toolVersion === '').map((item) => item.id)).toEqual([]);
    expect(astray.map((item) => item.id)).toEqual([]);
  });

  it('keeps colours of some tools and the length of some logs', () => {
    expect(items.filter((item) => item.output !== stripAnsi(item.output)).length).toBeGreaterThanOrEqual(10);
    expect(failures.filter((item) => item.lines >= 1000).length).toBeGreaterThanOrEqual(5);
  });

  it('names no machine: no folder, host or user of the one that it was made on', () => {
    const forbidden = [/\/tmp\/corpus-/, /faultline/i, /\/root\//, /\/home\/(?!ci\b)/];
    const host = hostname();
    if (host.length >= 6 && host !== 'localhost') forbidden.push(new RegExp(`\\b${host}\\b`));
    const named = items.flatMap((item) =>
      forbidden
        .filter((pattern) => pattern.test(item.output) || pattern.test(item.toolVersion))
        .map((pattern) => `${item.id} ${String(pattern)}`),
    );
    expect(named).toEqual([]);
  });

  it('reaches no host but loopback, reserved names and the well-known public ones', () => {
    const known =
      /^(127\.0\.0\.1|0\.0\.0\.0|localhost|deb\.debian\.org|registry\.npmjs\.org|npm\.jsr\.io|repo\.maven\.apache\.org|pypi\.org|files\.pythonhosted\.org|static\.crates\.io|index\.crates\.io|proxy\.golang\.org|sum\.golang\.org|rubygems\.org|[a-z0-9.-]+\.(invalid|example))$/;
    const fetched =
      /(?:GET|POST|Downloading|Downloaded|Fetching|Cloning into|Get "|request to)[^\n]*?https?:\/\/([A-Za-z0-9.-]+)/g;
    const hosts = items.flatMap((item) => [...item.output.matchAll(fetched)].map((match) => match[1] ?? ''));
    expect(hosts.filter((host) => !known.test(host))).toEqual([]);
  });

  it('has a log for each entry, an entry for each log, and stays below 6 MB', () => {
    const logs = readdirSync(dataFolder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.log'),
    );
    expect(items.filter((item) => !existsSync(`${dataFolder}${item.path}`))).toEqual([]);
    expect(new Set(logs)).toEqual(new Set(items.map((item) => item.path)));
    const bytes = logs.reduce((sum, path) => sum + statSync(`${dataFolder}${path}`).size, 0);
    expect(bytes).toBeLessThan(6_000_000);
  });
});
