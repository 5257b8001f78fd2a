import type { Command } from 'commander';
import { errorEvent, type ErrorEvent } from '@faultline/schemas';
import { printJson, tell, type CliContext } from '../cli-context.ts';
import { eventOfText, eventsOfJson } from '../domain/sent-event.ts';
import { ciEnvironment } from '../input/ci-environment.ts';
import { addEventOptions, eventFields, type EventOptions } from '../input/event-options.ts';
import { readFileInput, readInput } from '../input/read-input.ts';
import { locateLine } from '../line/locate-line.ts';
import { openProducer } from '../line/open-producer.ts';

interface SendOptions extends EventOptions {
  readonly json?: string | true;
  readonly file?: string;
  readonly id?: string;
  readonly exitCode?: string;
  readonly data?: string;
}

/** `faultline send`: brings errors into the line and prints where the broker took them. */
export function sendCommand(program: Command, context: CliContext): void {
  const command = program
    .command('send')
    .argument('[input]', 'text of the error, a file with it, or - for standard input')
    .description('send an error into the line; prints {id, coordinate} once the broker has it')
    .option('--json [EVENT]', 'take an input that is JSON as an event of the contract, or a list of them')
    .option('--file <FILE>', 'read the input from this file')
    .option('--id <ID>', 'identity of the error; the same id again within seven days is a duplicate')
    .option('--exit-code <N>', 'exit code of what failed')
    .option('--data <DIR>', 'data folder of the line that is meant');
  addEventOptions(command).action(async (input: string | undefined, options: SendOptions) => {
    const events = await eventsOf(context, input, options);
    const producer = await openProducer(locateLine(context, options.data));
    try {
      const coordinates = await producer.send(
        'errors.raw',
        events.map((record) => ({ key: record.operation ?? record.id, record })),
      );
      const records = events.map(({ id }, index) => ({ id, coordinate: coordinates[index] }));
      const [first] = records;
      for (const { id, coordinate } of records) {
        tell(
          context,
          `${id} is at errors.raw[${coordinate?.partition}] offset ${coordinate?.offset}; faultline trace ${id}`,
        );
      }
      printJson(context, records.length === 1 && first !== undefined ? first : { records });
    } finally {
      await producer.stop();
    }
  });
}

async function eventsOf(
  context: CliContext,
  input: string | undefined,
  options: SendOptions,
): Promise<readonly ErrorEvent[]> {
  const inJson = typeof options.json === 'string' ? options.json : undefined;
  const given =
    options.file === undefined
      ? await readInput(context, input ?? inJson)
      : await readFileInput(context, options.file);
  const exitCode = options.exitCode === undefined ? {} : { exitCode: Number.parseInt(options.exitCode, 10) };
  const fields = { ...facts(context), ...exitCode, ...eventFields(options) };
  const filling = () => ({ id: options.id ?? context.newId(), now: context.now(), fields });
  if (given.file?.endsWith('.json') === true || (options.json !== undefined && looksLikeJson(given.text))) {
    return eventsOfJson(given.text, filling);
  }
  const { id, now } = filling();
  const event = errorEvent({ id, time: now, source: 'cli', message: '', ...fields });
  return [eventOfText(given.text, event)];
}

/** An object, or a list that can be read: `[ERROR] disk full` is a text, whatever it begins with. */
function looksLikeJson(text: string): boolean {
  const trimmed = text.trimStart();
  if (!trimmed.startsWith('[')) return trimmed.startsWith('{');
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false;
  }
}

/** What the CI says of this run, where it says anything. */
const facts = ({ env }: CliContext): Partial<ErrorEvent> =>
  Object.fromEntries(Object.entries(ciEnvironment(env)).filter(([, value]) => value !== null));
