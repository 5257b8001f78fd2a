import { createReadStream, createWriteStream, statSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import { Fault } from '@faultline/stream';
import { printJson, tell, type CliContext } from '../cli-context.ts';
import { wrongInput } from '../exit-code.ts';
import { callApi, respond } from '../line/call-api.ts';
import { locateLine } from '../line/locate-line.ts';

interface Common {
  readonly json?: boolean;
  readonly data?: string;
}

interface Period {
  readonly from?: string;
  readonly to?: string;
}

/** Commands that ask the API and print what it answers. */
const questions = [
  {
    name: 'ledger',
    description:
      'where the line stands: received, ended, in flight, overdue, unaccounted; exit 1 where it does not add up',
    holds: (body: unknown) => numberIn(body, 'unaccounted') === 0,
  },
  { name: 'retries', description: 'retries that wait, and what retrying was worth', holds: () => true },
] as const;

/** `faultline ledger`, `retries`, `report`, `export` and `import`: the history, by the API. */
export function historyCommands(program: Command, context: CliContext): void {
  for (const { name, description, holds } of questions) {
    withPeriod(program.command(name).description(description)).action(async (options: Common & Period) => {
      const body = await ask(context, options, `/api/v1/${name}${query(options)}`, name);
      show(context, body, options);
      if (!holds(body)) context.exit(1);
    });
  }
  withPeriod(
    program.command('report').description('the report of a period; the last day where none is given'),
  )
    .addOption(
      new Option('--format <FORMAT>', 'how it is written')
        .choices(['json', 'md', 'csv', 'html'])
        .default('json'),
    )
    .action(async (options: Common & Period & { readonly format: string }) => {
      const body = await ask(context, options, `/api/v1/report${query(options, options.format)}`, 'report');
      if (typeof body === 'string') context.stdout.write(body.endsWith('\n') ? body : `${body}\n`);
      else show(context, body, options);
    });
  exportCommand(program, context);
  importCommand(program, context);
}

function exportCommand(program: Command, context: CliContext): void {
  program
    .command('export')
    .description('the whole history: as one JSON object, or with --out as lines of JSON in a file')
    .option('--json', 'print {v, file, bytes}, or the export itself where no file is named')
    .option('--out <FILE>', 'write it to this file')
    .option('--data <DIR>', 'data folder of the line that is meant')
    .action(async (options: Common & { readonly out?: string }) => {
      if (options.out === undefined) {
        printJson(context, objectOf(await ask(context, options, '/api/v1/export', 'export')));
        return;
      }
      const response = await respond(locateLine(context, options.data), '/api/v1/export.ndjson');
      if (response.status === 404 || response.body === null) throw notOffered('export');
      const file = path.resolve(context.cwd, options.out);
      await pipeline(Readable.from(response.body), createWriteStream(file));
      printJson(context, { file, bytes: statSync(file).size });
    });
}

function importCommand(program: Command, context: CliContext): void {
  program
    .command('import')
    .argument('<file>', 'what export wrote, as lines or as one object')
    .description('bring an export into the history: all of it or nothing')
    .option('--json', 'print what was taken')
    .option('--data <DIR>', 'data folder of the line that is meant')
    .action(async (name: string, options: Common) => {
      const file = path.resolve(context.cwd, name);
      const body = (await isLines(file))
        ? { ndjson: Readable.toWeb(createReadStream(file)) }
        : { json: await readJson(file) };
      const location = locateLine(context, options.data);
      const answer = await callApi(location, '/api/v1/import', { method: 'POST', body });
      if (answer.status === 404) throw notOffered('import');
      printJson(context, objectOf(answer.body));
    });
}

/** Whether a file is an export as lines: its first line is an object of its own. */
async function isLines(file: string): Promise<boolean> {
  return (await headOf(file)).startsWith('{"line":');
}

async function headOf(file: string): Promise<string> {
  try {
    for await (const chunk of createReadStream(file, { end: 63 })) return String(chunk);
    return '';
  } catch (error) {
    throw wrongInput(
      `${file}: ${error instanceof Error ? error.message : String(error)}`,
      'give a file that faultline export wrote',
    );
  }
}

async function readJson(file: string): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file)) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw wrongInput(`${file} is no export`, 'give a file that faultline export wrote');
  }
}

const withPeriod = (command: Command): Command =>
  command
    .option('--json', 'one JSON object')
    .option('--from <TIME>', 'begin of the period, as in ISO 8601')
    .option('--to <TIME>', 'end of the period, as in ISO 8601')
    .option('--data <DIR>', 'data folder of the line that is meant');

async function ask(context: CliContext, options: Common, route: string, name: string): Promise<unknown> {
  const { status, body } = await callApi(locateLine(context, options.data), route);
  if (status === 404) throw notOffered(name);
  return body;
}

const notOffered = (name: string): Fault =>
  new Fault('NOT_FOUND', `the API of this line does not offer ${name}`, {
    remedy: 'bring the services to the version of this command line',
  });

function query({ from, to }: Period, format?: string): string {
  const search = new URLSearchParams();
  for (const [name, value] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (value === undefined) continue;
    const time = Date.parse(value);
    if (Number.isNaN(time)) throw wrongInput(`--${name} is "${value}"`, 'write a time as in ISO 8601');
    search.set(name, new Date(time).toISOString());
  }
  if (format !== undefined && format !== 'json') search.set('format', format);
  return search.size === 0 ? '' : `?${search.toString()}`;
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
