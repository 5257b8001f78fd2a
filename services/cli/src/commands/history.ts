import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { Fault } from '@faultline/stream';
import { printJson, tell, type CliContext } from '../cli-context.ts';
import { wrongInput } from '../exit-code.ts';
import { callApi } from '../line/call-api.ts';
import { locateLine } from '../line/locate-line.ts';

interface Common {
  readonly json?: boolean;
  readonly data?: string;
}

/** Commands that ask the API and print what it answers. */
const questions = [
  {
    name: 'ledger',
    path: '/api/v1/ledger',
    description:
      'where the line stands: received, ended, in flight, overdue, unaccounted; exit 1 where it does not add up',
    holds: (body: unknown) => numberIn(body, 'unaccounted') === 0,
  },
  {
    name: 'retries',
    path: '/api/v1/retries',
    description: 'what retrying was worth, by error type and policy',
    holds: () => true,
  },
  {
    name: 'report',
    path: '/api/v1/report',
    description: 'the report of a period',
    holds: () => true,
  },
] as const;

/** `faultline ledger`, `retries`, `report`, `export` and `import`: the history, by the API. */
export function historyCommands(program: Command, context: CliContext): void {
  for (const { name, path: route, description, holds } of questions) {
    program
      .command(name)
      .description(description)
      .option('--json', 'one JSON object')
      .option('--from <TIME>', 'begin of the period, as in ISO 8601')
      .option('--to <TIME>', 'end of the period, as in ISO 8601')
      .option('--data <DIR>', 'data folder of the line that is meant')
      .action(async (options: Common & { readonly from?: string; readonly to?: string }) => {
        const body = await ask(context, options, `${route}${period(options)}`, name);
        show(context, body, options);
        if (!holds(body)) context.exit(1);
      });
  }
  program
    .command('export')
    .description('write the history that the API exports')
    .option('--json', 'print {v, file, bytes}, or the export itself where no file is named')
    .option('--out <FILE>', 'write it to this file')
    .option('--data <DIR>', 'data folder of the line that is meant')
    .action(async (options: Common & { readonly out?: string }) => {
      const body = await ask(context, options, '/api/v1/export', 'export');
      if (options.out === undefined) {
        printJson(context, objectOf(body));
        return;
      }
      const file = path.resolve(context.cwd, options.out);
      const text = `${JSON.stringify(body)}\n`;
      writeFileSync(file, text);
      printJson(context, { file, bytes: Buffer.byteLength(text) });
    });
  program
    .command('import')
    .argument('<file>', 'what export wrote')
    .description('bring an export into the history')
    .option('--json', 'print what was taken')
    .option('--data <DIR>', 'data folder of the line that is meant')
    .action(async (file: string, options: Common) => {
      const text = readFileSync(path.resolve(context.cwd, file), 'utf8');
      let body: unknown;
      try {
        body = JSON.parse(text);
      } catch {
        throw wrongInput(`${file} is no JSON`, 'give a file that faultline export wrote');
      }
      const answer = await callApi(locateLine(context, options.data), '/api/v1/import', {
        method: 'POST',
        body,
      });
      if (answer.status === 404) throw notOffered('import');
      printJson(context, objectOf(answer.body));
    });
}

async function ask(context: CliContext, options: Common, route: string, name: string): Promise<unknown> {
  const { status, body } = await callApi(locateLine(context, options.data), route);
  if (status === 404) throw notOffered(name);
  return body;
}

const notOffered = (name: string): Fault =>
  new Fault('NOT_FOUND', `the API of this line does not offer ${name}`, {
    remedy: 'bring the services to the version of this command line',
  });

function period({ from, to }: { readonly from?: string; readonly to?: string }): string {
  const query = new URLSearchParams();
  for (const [name, value] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (value === undefined) continue;
    const time = Date.parse(value);
    if (Number.isNaN(time)) throw wrongInput(`--${name} is "${value}"`, 'write a time as in ISO 8601');
    query.set(name, new Date(time).toISOString());
  }
  return query.size === 0 ? '' : `?${query}`;
}

function show(context: CliContext, body: unknown, { json }: Common): void {
  if (json === true) {
    printJson(context, objectOf(body));
    return;
  }
  for (const [name, value] of Object.entries(objectOf(body))) {
    tell(context, `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  }
}

const objectOf = (body: unknown): object =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? body : { items: body };

function numberIn(body: unknown, name: string): number {
  const value = (objectOf(body) as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'number' ? value : 0;
}
