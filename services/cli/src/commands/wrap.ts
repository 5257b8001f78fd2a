import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Command } from 'commander';
import { errorEvent, observation } from '@faultline/schemas';
import { createRedactor } from '@faultline/classifier';
import { clean } from '../domain/sent-event.ts';
import { tell, type CliContext } from '../cli-context.ts';
import { wrongInput } from '../exit-code.ts';
import { LogKeeper } from '../domain/log-keeper.ts';
import { ciEnvironment } from '../input/ci-environment.ts';
import { addEventOptions, eventFields, type EventOptions } from '../input/event-options.ts';
import { headline } from '../input/headline.ts';
import { locateLine } from '../line/locate-line.ts';
import { openProducer } from '../line/open-producer.ts';

interface WrapOptions extends EventOptions {
  readonly id?: string;
  readonly data?: string;
}

/** How a command ended. */
interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What a shell would exit with. */
  readonly shellCode: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly log: LogKeeper;
  readonly failure: string | null;
}

/** Exit code of a command that is not there, and of one that may not be run, as shells have it. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
/** Output that is kept in memory, to be cut around what explains the failure; the middle of more is lost. */
const KEPT_LOG_BYTES = 16 * 1_048_576;
/** Lines of a passing run that go along as contrast. */
const SAMPLE_BYTES = 16 * 1024;

/** `faultline wrap -- COMMAND`: passes output and exit code through, and tells the line how it ended. */
export function wrapCommand(program: Command, context: CliContext): void {
  const command = new Command('wrap')
    .argument('<command...>', 'command and its arguments, behind --')
    .description('run a command; where it fails, its log goes into the line, cut and without secrets')
    .option('--id <ID>', 'identity of the error')
    .option('--data <DIR>', 'data folder of the line that is meant')
    .passThroughOptions();
  program.addCommand(
    addEventOptions(command).action(async (words: readonly string[], options: WrapOptions) => {
      const fields = eventFields(options); // wrong options are told before anything runs
      const ended = await run(context, words);
      await tellLine(context, words, options, fields, ended).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        tell(context, `faultline: the line was not told of this run: ${why}`);
      });
      context.exit(ended.shellCode);
    }),
  );
}

async function run(context: CliContext, words: readonly string[]): Promise<Ended> {
  const [file, ...args] = words;
  if (file === undefined) throw wrongInput('no command was given', 'write it behind --');
  const log = new LogKeeper(KEPT_LOG_BYTES);
  const startedAt = context.now();
  const child = spawn(file, args, { cwd: context.cwd, stdio: ['inherit', 'pipe', 'pipe'] });
  const pass = (signal: NodeJS.Signals) => () => child.kill(signal);
  const passing = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => [name, pass(name)] as const);
  for (const [name, handler] of passing) process.on(name, handler);
  child.stdout.on('data', (chunk: Buffer) => {
    log.add(chunk);
    if (!context.stdout.write(chunk)) hold(context.stdout, child.stdout);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    log.add(chunk);
    if (!context.stderr.write(chunk)) hold(context.stderr, child.stderr);
  });
  const end = (code: number | null, signal: NodeJS.Signals | null, failure: string | null): Ended => ({
    exitCode: code,
    signal,
    shellCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
    startedAt,
    durationMs: context.now() - startedAt,
    log,
    failure,
  });
  try {
    return await new Promise<Ended>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        const code = error.code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE;
        const failure = `${file}: ${error.code === 'ENOENT' ? 'command not found' : error.message}`;
        tell(context, failure);
        resolve(end(code, null, failure));
      });
      child.once('close', (code, signal) => resolve(end(code, signal, null)));
    });
  } finally {
    for (const [name, handler] of passing) process.off(name, handler);
  }
}

/** Reads no more from the command until what it printed has been written. */
function hold(
  to: NodeJS.WritableStream,
  from: { readonly pause: () => unknown; readonly resume: () => unknown },
): void {
  from.pause();
  to.once('drain', () => from.resume());
}

async function tellLine(
  context: CliContext,
  words: readonly string[],
  options: WrapOptions,
  fields: ReturnType<typeof eventFields>,
  ended: Ended,
): Promise<void> {
  const producer = await openProducer(locateLine(context, options.data));
  try {
    const redactor = createRedactor();
    const passed = ended.shellCode === 0;
    const commandLine = redactor.text(words.join(' '));
    const run = { ...ciEnvironment(context.env), ...fields };
    const eventId = passed ? null : (options.id ?? context.newId());
    const text = ended.log.text();
    if (eventId !== null) {
      const message = ended.failure ?? (headline(text) || `${commandLine} ended with ${ended.shellCode}`);
      const { log } = ended;
      const event = errorEvent({
        ...run,
        id: eventId,
        time: ended.startedAt + ended.durationMs,
        message,
        log:
          text === ''
            ? null
            : {
                text,
                truncated: log.truncated,
                omittedLines: log.truncated ? log.omittedLines : null,
                pointer: null,
              },
        exitCode: ended.exitCode,
        signal: ended.signal,
        task: run.task ?? commandLine,
        context: { command: commandLine, durationMs: ended.durationMs, ...fields.context },
      });
      const [at] = await producer.send('errors.raw', [
        { key: event.operation ?? event.id, record: clean(event) },
      ]);
      tell(
        context,
        `faultline: ${eventId} is at errors.raw[${at?.partition}] offset ${at?.offset}; faultline trace ${eventId}`,
      );
    }
    const { source, repository, commit, ref, pipeline, attempt, runner } = run;
    const finished = observation({
      id: `run-${eventId ?? context.newId()}`,
      at: ended.startedAt + ended.durationMs,
      source,
      kind: 'run-finished',
      result: passed ? 'passed' : ended.signal === 'SIGINT' ? 'cancelled' : 'failed',
      repository,
      commit,
      ref,
      pipeline,
      run: run.run,
      job: run.task,
      task: run.task ?? commandLine,
      attempt,
      runner,
      durationMs: ended.durationMs,
      logSample: passed && text !== '' ? redactor.text(text.slice(-SAMPLE_BYTES)) : null,
      operation: fields.operation ?? null,
      eventId,
    });
    await producer.send('errors.feedback', [{ key: finished.operation ?? finished.id, record: finished }]);
  } finally {
    await producer.stop();
  }
}
