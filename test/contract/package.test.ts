import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..', '..');
const folder = mkdtempSync(path.join(tmpdir(), 'faultline-package-'));

/** Each subpath of the package with the class that it brings. */
const subpaths = {
  '': 'ErrorHandlingSystem',
  '/classifier': 'ErrorClassifier',
  '/retry-manager': 'RetryManager',
  '/fix-generator': 'AutomatedFixGenerator',
  '/escalation-manager': 'EscalationManager',
  '/analytics': 'ErrorAnalytics',
  '/pattern-recognition': 'PatternRecognition',
} as const;

/** Runs a program in the folder where the package is installed; gives what it printed. */
async function node(file: string, text: string): Promise<string> {
  writeFileSync(path.join(folder, file), text);
  const { stdout } = await run(process.execPath, ['--no-warnings', file], { cwd: folder });
  return stdout.trim();
}

beforeAll(async () => {
  const built = path.join(folder, 'built');
  await run(
    process.execPath,
    ['--import', 'tsx', '-C', 'dev', path.join(root, 'services', 'system', 'scripts', 'package.ts'), built],
    { cwd: root },
  );
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: built });
  writeFileSync(path.join(folder, 'package.json'), '{"name":"consumer","private":true}');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${stdout.trim()}`], {
    cwd: folder,
  });
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the published package', () => {
  it('is one package: it brings no other', () => {
    expect(readdirSync(path.join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'faultline',
    ]);
  });

  it.each(Object.entries(subpaths))('faultline%s loads by import', async (subpath, name) => {
    const text = `import * as all from 'faultline${subpath}'; console.log(typeof all.${name}, all.${name}.name);`;
    expect(await node('load.mjs', text)).toBe(`function ${name}`);
  });

  it.each(Object.entries(subpaths))('faultline%s loads by require', async (subpath, name) => {
    const text = `const { ${name} } = require('faultline${subpath}'); console.log(typeof ${name}, ${name}.name);`;
    expect(await node('load.cjs', text)).toBe(`function ${name}`);
  });

  it('the classes of the whole are those of the parts', async () => {
    const checks = Object.entries(subpaths)
      .filter(([subpath]) => subpath !== '')
      .map(([subpath, name]) => `require('faultline').${name} === require('faultline${subpath}').${name}`);
    expect(await node('same.cjs', `console.log([${checks.join(', ')}].every(Boolean));`)).toBe('true');
  });

  it('handles an error without a broker, a database or a network', async () => {
    const text = `
      import { ErrorHandlingSystem } from 'faultline';
      const system = new ErrorHandlingSystem({ errorHandling: { baseDelay: 1 }, monitoring: { logLevel: 'silent' } });
      let runs = 0;
      const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      const resolved = await system.handleError(error, { operation: 'load', rerun: () => { runs += 1; return 'loaded'; } });
      const escalated = await system.handleError(error, { operation: 'load' });
      await system.shutdown();
      console.log(JSON.stringify([resolved.success, resolved.value, runs, escalated.state, escalated.retry.decision]));`;
    expect(JSON.parse(await node('handle.mjs', text))).toEqual([
      true,
      'loaded',
      1,
      'escalated',
      'no-way-to-rerun',
    ]);
  });

  it('reaches for a cluster only where brokers are given, and says what is away', async () => {
    const text = `
      import { ErrorHandlingSystem } from 'faultline';
      const system = new ErrorHandlingSystem({ brokers: '127.0.0.1:1', registryUrl: 'http://127.0.0.1:1' });
      try { await system.handleError(new Error('x')); } catch (error) {
        console.log(JSON.stringify([error.name, error.retryable, typeof error.remedy]));
      }
      await system.shutdown();`;
    expect(JSON.parse(await node('cluster.mjs', text))).toEqual(['Fault', true, 'string']);
  });

  it('comes with types that a strict consumer can use', async () => {
    writeFileSync(
      path.join(folder, 'consumer.mts'),
      `import { ErrorHandlingSystem, type Handled } from 'faultline';
       import { RetryManager } from 'faultline/retry-manager';
       import { ErrorAnalytics } from 'faultline/analytics';
       const system = new ErrorHandlingSystem({ enableAnalytics: true, monitoring: { logLevel: 'silent' } });
       const handled: Handled = await system.handleError(new Error('x'), { operation: 'y', userId: 7 });
       const success: boolean = handled.success;
       const category: string | undefined = handled.classification?.category;
       const total: number = new ErrorAnalytics().getDashboardData().summary.total;
       const { result } = await new RetryManager({ maxRetries: 1 }).executeWithRetry(async () => 5);
       const five: number | undefined = result;
       // @ts-expect-error an option that is none does not compile
       new ErrorHandlingSystem({ enableAnalitics: true });
       console.log(success, category, total, five);`,
    );
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--typeRoots'];
    const args = [...options, path.join(root, 'node_modules', '@types'), '--types', 'node', 'consumer.mts'];
    const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = await run(process.execPath, [tsc, ...args], { cwd: folder }).catch(
      (error: { readonly stdout: string }) => error,
    );
    expect(stdout).toBe('');
  }, 60_000);
}, 60_000);
