#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryRoot } from './native/paths.mjs';
import { runCommand } from './supervisor/command.mjs';

/**
 * A step: an npm script, which counts as one; the tests count each for themselves, by a report.
 *
 * @typedef {{ name: string, script: string, args?: string[], report?: string, needs?: string }} Step
 */

const work = mkdtempSync(path.join(tmpdir(), 'faultline-verify-'));
const testReport = path.join(work, 'tests.json');

/** Side by side, on two cores two lanes of about the same length. */
const staticLanes = /** @type {Step[][]} */ ([
  [
    { name: 'types', script: 'types' },
    { name: 'dead code', script: 'dead-code' },
  ],
  [
    { name: 'format', script: 'format' },
    { name: 'lint', script: 'lint' },
    { name: 'boundaries', script: 'boundaries' },
    { name: 'generated', script: 'generated' },
  ],
]);

/** Alone, since they wait on real clocks. */
const tests = /** @type {Step} */ ({
  name: 'tests',
  script: 'test',
  args: ['--report', testReport],
  report: testReport,
});

/** Minutes long, with --slow only; a step whose file is not there is left out. */
const slowSteps = /** @type {Step[]} */ ([
  {
    name: 'chaos',
    script: 'chaos',
    args: ['--minutes', '1.5', '--seed', '1', '--brokers', '1', '--faults', 'all'],
    needs: 'scripts/chaos.ts',
  },
]);

await runCommand({
  usage: 'npm run verify -- [options]   all that CI checks',
  options: { slow: { kind: 'flag', help: 'the slow steps too (chaos)' } },
  run: async (options) => {
    try {
      const lanes = await Promise.all(staticLanes.map(runInOrder));
      const results = [...lanes.flat(), await runStep(tests)];
      if (options.slow)
        results.push(
          ...(await runInOrder(
            slowSteps.filter(
              ({ needs }) => needs === undefined || existsSync(path.join(repositoryRoot, needs)),
            ),
          )),
        );
      printTable(results);
      const passed = results.reduce((total, result) => total + result.passed, 0);
      const failed = results.reduce((total, result) => total + result.failed, 0);
      process.stdout.write(`${passed} passed, ${failed} failed\n`);
      return failed === 0 ? 'ok' : 'failed';
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  },
});

/** @param {Step[]} steps */
async function runInOrder(steps) {
  const results = [];
  for (const step of steps) results.push(await runStep(step));
  return results;
}

/** @param {Step} step */
async function runStep(step) {
  process.stderr.write(`… ${step.name}\n`);
  const began = performance.now();
  const { exitCode, output } = await npmRun(step.script, step.args ?? []);
  const seconds = (performance.now() - began) / 1000;
  const ok = exitCode === 0;
  process.stderr.write(`${ok ? '✓' : '✗'} ${step.name} (${seconds.toFixed(1)} s)\n`);
  if (!ok) process.stderr.write(output.endsWith('\n') ? output : `${output}\n`);
  return { name: step.name, ok, seconds, ...countsOf(step, ok) };
}

/** @param {Step} step @param {boolean} ok */
function countsOf(step, ok) {
  if (step.report === undefined || !existsSync(step.report))
    return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  const { passed, failed, skipped } = JSON.parse(readFileSync(step.report, 'utf8'));
  return { passed, failed: ok ? failed : Math.max(failed, 1), skipped };
}

/**
 * @param {string} script
 * @param {string[]} args
 * @returns {Promise<{ exitCode: number, output: string }>}
 */
function npmRun(script, args) {
  const viaNode = process.env.npm_execpath?.endsWith('.js') ?? false;
  const command = viaNode ? process.execPath : 'npm';
  const prefix = viaNode ? [/** @type {string} */ (process.env.npm_execpath)] : [];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...prefix, 'run', '--silent', script, '--', ...args], {
      cwd: repositoryRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}

/** @param {{ name: string, ok: boolean, seconds: number, passed: number, failed: number, skipped: number }[]} results */
function printTable(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  for (const { name, ok, seconds, passed, failed, skipped } of results) {
    const counts =
      passed + failed + skipped > 1 ? `  ${passed} passed, ${failed} failed, ${skipped} skipped` : '';
    process.stdout.write(
      `${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s${counts}\n`,
    );
  }
}
