import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { startHelpers, type Helpers } from './helpers.ts';
import type { CorpusEntry } from './load.ts';
import { machineNames } from './machine-names.ts';
import { stripAnsi } from './mask.ts';
import { missingNeeds } from './missing-needs.ts';
import { normaliseOutput } from './normalise.ts';
import { toEntry } from './record.ts';
import { runScenario } from './run-scenario.ts';
import { scenarioEnvironment } from './scenario-environment.ts';
import type { Scenario, ToolScenarios } from './scenario.ts';
import { ensureToolchain } from './toolchains.ts';

/** How one scenario went. */
export type Ran =
  | { readonly kind: 'ran'; readonly id: string; readonly entry: CorpusEntry; readonly output: string }
  | { readonly kind: 'skipped'; readonly id: string; readonly missing: readonly string[] }
  | { readonly kind: 'broken'; readonly id: string; readonly why: string };

/** A scenario with the tool that it belongs to. */
export interface Selected {
  readonly tool: ToolScenarios;
  readonly scenario: Scenario;
}

const versionOf = (tool: ToolScenarios, certificates: string): string => {
  const root = mkdtempSync(`${tmpdir()}/corpus-version-`);
  try {
    const env = scenarioEnvironment({ root, toolchains: tool.toolchains ?? [], certificates, extra: {} });
    const printed = execFileSync('bash', ['-c', tool.version], {
      encoding: 'utf8',
      env,
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const first = stripAnsi(printed).trim().split('\n')[0] ?? '';
    return normaliseOutput(first, machineNames(root, certificates), hostname());
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};

const runOne = async (
  { tool, scenario }: Selected,
  helpers: Helpers,
  signal: AbortSignal,
  versions: Map<string, string>,
): Promise<Ran> => {
  for (const toolchain of [...(tool.toolchains ?? []), ...(scenario.toolchains ?? [])]) {
    try {
      ensureToolchain(toolchain);
    } catch (error) {
      return {
        kind: 'skipped',
        id: scenario.id,
        missing: [`toolchain ${toolchain}: ${String(error).split('\n')[0]}`],
      };
    }
  }
  const missing = missingNeeds(tool, scenario);
  if (missing.length > 0) return { kind: 'skipped', id: scenario.id, missing };
  try {
    for (const helper of scenario.helpers ?? []) await helpers.ensure(helper);
    const version = versions.get(tool.tool) ?? versionOf(tool, helpers.certificates);
    versions.set(tool.tool, version);
    const result = await runScenario(tool, scenario, { certificates: helpers.certificates, signal });
    try {
      return {
        kind: 'ran',
        id: scenario.id,
        entry: toEntry(tool, scenario, result, version),
        output: result.output,
      };
    } catch (error) {
      const tail = result.output.split('\n').slice(-40).join('\n');
      return { kind: 'broken', id: scenario.id, why: `${String(error)}; exit ${result.exitCode}\n${tail}` };
    }
  } catch (error) {
    return { kind: 'broken', id: scenario.id, why: String(error) };
  }
};

/** Runs scenarios, `parallel` at a time, and tells of each as it ends. */
export async function runCorpus(
  selected: readonly Selected[],
  parallel: number,
  signal: AbortSignal,
  told: (ran: Ran, done: number) => void,
): Promise<readonly Ran[]> {
  const helpers = await startHelpers();
  const versions = new Map<string, string>();
  const results: Ran[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < selected.length && !signal.aborted; index = next++) {
      const item = selected[index];
      if (item === undefined) return;
      const ran = await runOne(item, helpers, signal, versions);
      results.push(ran);
      told(ran, results.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, worker));
  } finally {
    await helpers.stop();
  }
  return results;
}
