import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder, loadIndex, type CorpusEntry } from './load.ts';
import { difference } from './record.ts';
import { runCorpus, type Ran, type Selected } from './run-corpus.ts';
import { tools } from './scenarios/index.ts';

const usage = `npm run corpus -- [--check | --write | --list] [--tool NAME]... [--id ID]... [--parallel N]
  --check  run again what is installed and compare with the committed corpus (the default)
  --write  run and write logs and index
  --list   print the scenarios, run nothing`;

interface Outcome {
  readonly exitCode: number;
  readonly result: Readonly<Record<string, unknown>>;
}

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const committed = (): readonly CorpusEntry[] => {
  try {
    return loadIndex();
  } catch {
    return [];
  }
};

const tell =
  (total: number) =>
  (ran: Ran, done: number): void => {
    const word =
      ran.kind === 'ran'
        ? 'ok'
        : ran.kind === 'skipped'
          ? `skipped, lacks ${ran.missing.join(', ')}`
          : `BROKEN ${ran.why}`;
    say(`[${done}/${total}] ${ran.id}: ${word}`);
  };

const write = (results: readonly Ran[]): void => {
  const known = new Set(tools.flatMap((tool) => tool.scenarios.map((scenario) => scenario.id)));
  const entries = new Map(committed().map((entry) => [entry.id, entry]));
  for (const [id, entry] of entries) {
    if (known.has(id)) continue;
    rmSync(`${dataFolder}${entry.path}`, { force: true });
    entries.delete(id);
  }
  for (const ran of results) {
    if (ran.kind !== 'ran') continue;
    const before = entries.get(ran.id);
    if (before !== undefined && before.path !== ran.entry.path)
      rmSync(`${dataFolder}${before.path}`, { force: true });
    const path = `${dataFolder}${ran.entry.path}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, ran.output);
    entries.set(ran.id, ran.entry);
  }
  const order = tools.flatMap((tool) => tool.scenarios.map((scenario) => scenario.id));
  const lines = order.flatMap((id) => (entries.has(id) ? [JSON.stringify(entries.get(id))] : []));
  writeFileSync(`${dataFolder}index.ndjson`, `${lines.join('\n')}\n`);
};

const summarise = (results: readonly Ran[], scripts: number): Outcome => {
  const before = new Map(committed().map((entry) => [entry.id, entry]));
  const ran = results.filter((result) => result.kind !== 'skipped');
  const changed = ran.flatMap((result) => {
    if (result.kind === 'broken') return [{ id: result.id, why: result.why.split('\n')[0] }];
    const entry = before.get(result.id);
    const why = entry === undefined ? 'not committed' : difference(entry, result.entry);
    return why === undefined ? [] : [{ id: result.id, why }];
  });
  const skipped = results.flatMap((result) =>
    result.kind === 'skipped' ? [{ id: result.id, missing: result.missing }] : [],
  );
  return {
    exitCode: changed.length === 0 ? 0 : 1,
    result: { v: 1, scripts, ran: ran.length, same: ran.length - changed.length, changed, skipped },
  };
};

/** The command `npm run corpus`; returns the exit code and the object to print. */
export async function corpusCommand(argv: readonly string[]): Promise<Outcome> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      check: { type: 'boolean' },
      write: { type: 'boolean' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
      tool: { type: 'string', multiple: true },
      id: { type: 'string', multiple: true },
      parallel: { type: 'string', default: '2' },
    },
  });
  if (values.help === true) {
    say(usage);
    return { exitCode: 0, result: { v: 1 } };
  }
  const selected: readonly Selected[] = tools
    .filter((tool) => values.tool === undefined || values.tool.includes(tool.tool))
    .flatMap((tool) => tool.scenarios.map((scenario) => ({ tool, scenario })))
    .filter(({ scenario }) => values.id === undefined || values.id.includes(scenario.id));
  if (values.list === true) {
    return {
      exitCode: 0,
      result: { v: 1, scripts: selected.length, ids: selected.map(({ scenario }) => scenario.id) },
    };
  }
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      interrupt.abort();
    });
  }
  const results = await runCorpus(selected, Number(values.parallel), interrupt.signal, tell(selected.length));
  if (interrupt.signal.aborted)
    return { exitCode: 1, result: { v: 1, interrupted: true, ran: results.length } };
  if (values.write === true) write(results);
  return summarise(results, selected.length);
}
