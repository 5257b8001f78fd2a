#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCluster } from './native/cluster.mjs';
import { Failure, describeFailure } from './native/failure.mjs';
import { repositoryRoot } from './native/paths.mjs';
import { runCommand } from './supervisor/command.mjs';
import { dockerEngine } from './supervisor/docker.mjs';
import { ensureInstalled } from './supervisor/install.mjs';
import { summariseVitest } from './supervisor/vitest-report.mjs';

/** Blocks of ports of test clusters begin here, away from a line of the same machine. */
const testPortBase = 24_000;

const projects = /** @type {const} */ (['unit', 'contract', 'integration']);

await runCommand({
  usage:
    'npm test -- [options]   unit and contract tests, then the integration suite over a real broker, registry and database',
  options: {
    only: { kind: 'text', value: 'PROJECTS', help: `some of ${projects.join(',')}` },
    filter: { kind: 'text', value: 'TEXT', help: 'only test files whose path has this in it' },
    native: { kind: 'flag', help: 'no containers, even where a Docker engine answers' },
    report: { kind: 'text', value: 'FILE', help: 'write the totals there as JSON' },
  },
  run: async (options) => {
    const wanted = readProjects(options.only);
    const work = mkdtempSync(path.join(tmpdir(), 'faultline-test-'));
    const abort = new AbortController();
    for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
      process.on(name, () => abort.abort(new Failure(`${name}: tests stopped`)));
    try {
      await ensureInstalled({ logDir: work, log, signal: abort.signal });
      const quick = wanted.filter((name) => name !== 'integration');
      // The servers come up beside the quick tests.
      const servers = wanted.includes('integration')
        ? startServers(work, options.native === true, abort.signal)
        : undefined;
      servers?.catch(() => {}); // awaited below
      const results = [];
      if (quick.length > 0)
        results.push(await runVitest(quick, { work, filter: options.filter, env: {}, signal: abort.signal }));
      if (servers !== undefined)
        results.push(await integration(servers, { work, filter: options.filter, signal: abort.signal }));
      abort.signal.throwIfAborted();
      const total = {
        passed: sum(results, 'passed'),
        failed: sum(results, 'failed'),
        skipped: sum(results, 'skipped'),
        failures: results.flatMap(({ failures }) => failures),
      };
      if (options.report !== undefined) writeFileSync(options.report, JSON.stringify({ v: 1, ...total }));
      for (const failure of total.failures) log(`failed: ${failure}`);
      process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
      return total.failed === 0 && total.passed > 0 ? 'ok' : 'failed';
    } finally {
      rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
  },
});

/** @param {string | undefined} text */
function readProjects(text) {
  if (text === undefined) return [...projects];
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !projects.some((known) => known === name));
  if (unknown !== undefined)
    throw new Failure(`there is no test project ${unknown}`, {
      code: 'usage',
      remedy: `one or more of ${projects.join(',')}`,
    });
  return names;
}

/**
 * Broker, registry and a database whose name says that it is for tests: in containers where an
 * engine answers, else native in the throw-away folder, ended with this process however it ends.
 *
 * @param {string} work
 * @param {boolean} forceNative
 * @param {AbortSignal} signal
 */
async function startServers(work, forceNative, signal) {
  const docker = forceNative ? { usable: false, found: 'not asked for' } : await dockerEngine();
  if (docker.usable) {
    log(`containers (${docker.found})`);
    const { tsImport } = await import('tsx/esm/api');
    const { startContainers } = await tsImport('../test/support/containers.ts', import.meta.url);
    return startContainers();
  }
  const cluster = await startCluster({
    dataDir: path.join(work, 'cluster'),
    portBase: testPortBase,
    exactPorts: false,
    database: 'faultline_test',
    postgresSettings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
    tether: true,
    signal,
    log: (line) => log(`cluster: ${line}`),
  });
  return {
    brokers: cluster.bootstrap,
    registryUrl: cluster.registryUrl,
    databaseUrl: cluster.databaseUrl,
    stop: () => cluster.stop({ discard: true }),
  };
}

/**
 * @param {Promise<{ brokers: string, registryUrl: string, databaseUrl: string, stop: () => Promise<void> }>} servers
 * @param {{ work: string, filter: string | undefined, signal: AbortSignal }} options
 */
async function integration(servers, options) {
  let started;
  try {
    started = await servers;
  } catch (error) {
    log(describeFailure(error));
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: ['integration: broker, registry and database did not come up'],
    };
  }
  try {
    const env = {
      FAULTLINE_TEST_BROKERS: started.brokers,
      FAULTLINE_TEST_REGISTRY_URL: started.registryUrl,
      FAULTLINE_TEST_DATABASE_URL: started.databaseUrl,
      // kafkajs retries less under NODE_ENV=test, which vitest would set.
      NODE_ENV: 'production',
    };
    return await runVitest(['integration'], { ...options, env });
  } finally {
    await started.stop();
  }
}

/**
 * @param {readonly string[]} names
 * @param {{ work: string, filter: string | undefined, env: NodeJS.ProcessEnv, signal: AbortSignal }} options
 */
async function runVitest(names, { work, filter, env, signal }) {
  const report = path.join(work, `${names.join('-')}.json`);
  mkdirSync(work, { recursive: true });
  const args = [
    path.join(repositoryRoot, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...names.flatMap((name) => ['--project', name]),
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...(filter === undefined ? [] : [filter]),
  ];
  const exitCode = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: repositoryRoot,
      env: { ...process.env, ...env },
      stdio: ['ignore', 2, 2],
    });
    signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  return summariseVitest(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, exitCode);
}

/** @param {{ passed: number, failed: number, skipped: number }[]} results @param {'passed' | 'failed' | 'skipped'} field */
function sum(results, field) {
  return results.reduce((total, result) => total + result[field], 0);
}

/** @param {string} line */
function log(line) {
  process.stderr.write(`${line}\n`);
}
