import { isFailing } from './define.ts';
import type { CorpusEntry } from './load.ts';
import { maskMessage, stripAnsi } from './mask.ts';
import type { ScenarioResult } from './run-scenario.ts';
import type { Scenario, ToolScenarios } from './scenario.ts';

/** Splits a log as its readers do: at `\r\n`, `\n` or a lone `\r`. */
export function logLines(output: string): readonly string[] {
  return output.split(/\r\n|\n|\r/);
}

/** Turns a result into an index entry; throws where the run did not show what the scenario says. */
export function toEntry(
  tool: ToolScenarios,
  scenario: Scenario,
  result: ScenarioResult,
  toolVersion: string,
): CorpusEntry {
  const lines = logLines(result.output);
  const common = {
    id: scenario.id,
    tool: tool.tool,
    toolVersion,
    title: scenario.title,
    command: scenario.run,
    exitCode: result.exitCode,
    signal: result.signal,
    lines: lines.at(-1) === '' ? lines.length - 1 : lines.length,
  };
  if (!isFailing(scenario)) {
    if (result.exitCode !== 0) throw new Error(`a passing scenario ended with ${result.exitCode}`);
    return {
      ...common,
      kind: 'passing',
      label: null,
      message: null,
      messageLine: null,
      path: `passing/${tool.tool}/${scenario.id}.log`,
    };
  }
  if (result.exitCode === 0) throw new Error('a failing scenario ended with 0');
  const messageLine = lines.findIndex((line) => scenario.cause.test(stripAnsi(line)));
  if (messageLine < 0) throw new Error(`no line matches ${String(scenario.cause)}`);
  const [category, retryClass] = scenario.fails;
  const message = stripAnsi(lines[messageLine] ?? '')
    .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /, '')
    .trim();
  return {
    ...common,
    kind: 'failure',
    label: { category, retryClass },
    message,
    messageLine,
    path: `failures/${tool.tool}/${scenario.id}.log`,
  };
}

/** Says how a new run differs from the committed one; undefined where it is the same. */
export function difference(committed: CorpusEntry, fresh: CorpusEntry): string | undefined {
  if (committed.exitCode !== fresh.exitCode)
    return `exit code ${committed.exitCode} became ${fresh.exitCode}`;
  const [before, after] = [maskMessage(committed.message ?? ''), maskMessage(fresh.message ?? '')];
  return before === after ? undefined : `message "${before}" became "${after}"`;
}
