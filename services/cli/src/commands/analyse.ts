import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import {
  classifyFile,
  fingerprintText,
  knowledgeWith,
  redactText,
  rulesFrom,
  testRules,
  type ClassifyOptions,
  type RulesReport,
} from '@faultline/classifier';
import { Fault } from '@faultline/stream';
import { printJson, type CliContext } from '../cli-context.ts';
import { readCorpus } from '../domain/corpus-entry.ts';
import { exitCodes, wrongInput } from '../exit-code.ts';
import { readBytes } from '../input/read-input.ts';

interface AnalyseOptions {
  readonly json?: boolean;
  readonly rules?: readonly string[];
  readonly exitCode?: string;
  readonly passing?: string;
}

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

/** `faultline classify`, `fingerprint`, `redact` and `rules test`: what the classifier would decide, with no cluster. */
export function analyseCommands(program: Command, context: CliContext): void {
  withOptions(program.command('classify').description('say what kind of failure a log tells of')).action(
    async (file: string, options: AnalyseOptions) => {
      const bytes = await readBytes(context, file);
      const { original, ...about } = classifyFile(bytes, classifyOptions(context, options));
      const { binary, lines } = about;
      if (options.json === true) printJson(context, { ...original, binary, bytes: about.bytes, lines });
      else context.stdout.write(plain(original));
    },
  );
  withOptions(
    program.command('fingerprint').description('print the identity of the failure in a log'),
  ).action(async (file: string, options: AnalyseOptions) => {
    const bytes = await readBytes(context, file);
    const { fingerprint, title, exceptionType } = fingerprintText(bytes, classifyOptions(context, options));
    if (options.json === true) printJson(context, { ...fingerprint, title, exceptionType });
    else context.stdout.write(`${fingerprint.id}\n`);
  });
  program
    .command('redact')
    .argument('<file>', 'a log, or - for standard input')
    .description('print a text without its secrets')
    .option('--json', '{text, found}')
    .option('--key <NAME>', 'another name whose values are secret; may be given again', collect)
    .action(async (file: string, options: { readonly json?: boolean; readonly key?: readonly string[] }) => {
      const redacted = redactText(await readBytes(context, file), { keys: options.key ?? [] });
      if (options.json === true) printJson(context, redacted);
      else context.stdout.write(redacted.text);
    });
  rulesCommand(program, context);
}

function rulesCommand(program: Command, context: CliContext): void {
  program
    .command('rules')
    .description('rules of your own')
    .command('test')
    .argument('<files...>', 'YAML files with rules, or folders of such')
    .description('try rules on a corpus: hits, what they steal and overlap; exit 1 where one is refused')
    .option('--corpus <DIR>', 'folder with index.ndjson', 'test/corpus/data')
    .option('--json', '{ok, rules, failedLogs, passingLogs}')
    .action(
      async (files: readonly string[], options: { readonly corpus: string; readonly json?: boolean }) => {
        const samples = readCorpus(path.resolve(context.cwd, options.corpus)).map(({ id, output, kind }) => ({
          name: id,
          text: output,
          passed: kind === 'passing',
        }));
        const report = readable(() => testRules(ruleFiles(context, files), samples));
        if (options.json === true) printJson(context, report);
        else context.stdout.write(rulesText(report));
        if (!report.ok) context.exit(exitCodes.doesNotHold);
      },
    );
}

const withOptions = (command: Command): Command =>
  command
    .argument('<file>', 'a log, or - for standard input')
    .option('--json', 'one JSON object; lines are counted in the file as it was given, from 0')
    .option('--rules <FILE>', 'YAML file or folder with rules of your own; may be given again', collect)
    .option('--exit-code <N>', 'exit code that the log ended with')
    .option('--passing <FILE>', 'log of a run of the same job that passed, as contrast');

function classifyOptions(context: CliContext, options: AnalyseOptions): ClassifyOptions {
  const exitCode = options.exitCode === undefined ? undefined : Number(options.exitCode);
  if (exitCode !== undefined && !Number.isInteger(exitCode)) {
    throw wrongInput(`--exit-code is "${options.exitCode ?? ''}"`, 'give a whole number');
  }
  const { rules, passing } = options;
  return {
    ...(exitCode === undefined ? {} : { event: { exitCode } }),
    ...(rules === undefined
      ? {}
      : { knowledge: knowledgeWith(readable(() => rulesFrom(ruleFiles(context, rules)))) }),
    ...(passing === undefined
      ? {}
      : { passingLog: readFileSync(path.resolve(context.cwd, passing), 'utf8') }),
  };
}

/** Files by name, and the YAML files of folders. */
function ruleFiles(
  { cwd }: CliContext,
  names: readonly string[],
): readonly { readonly name: string; readonly text: string }[] {
  return names.flatMap((name) => {
    const at = path.resolve(cwd, name);
    if (!existsSync(at))
      throw wrongInput(`there is no ${at}`, 'name a YAML file with rules, or a folder of such');
    const files = statSync(at).isDirectory()
      ? readdirSync(at)
          .filter((file) => /\.ya?ml$/.test(file))
          .map((file) => path.join(at, file))
      : [at];
    return files.map((file) => ({ name: path.relative(cwd, file), text: readFileSync(file, 'utf8') }));
  });
}

/** Turns what a malformed rule file throws into wrong input. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Fault('INPUT_INVALID', cause instanceof Error ? cause.message : String(cause), {
      remedy: 'mend the rule file',
      cause,
    });
  }
}

function plain(found: ReturnType<typeof classifyFile>['original']): string {
  const lines = [
    found.title,
    `  category    ${found.category} (${found.errorType})`,
    `  severity    ${found.severity}: ${found.severityReason}`,
    `  retry       ${found.retryClass}`,
    `  decided by  ${found.strategy}${found.ruleId === null ? '' : ` ${found.ruleId}`}, confidence ${found.confidence.toFixed(2)}`,
    `  fingerprint ${found.fingerprint.id}`,
    ...(found.cause === null ? [] : [`  cause       ${found.cause}`]),
    ...(found.remedy === null ? [] : [`  remedy      ${found.remedy}`]),
    ...found.region.map(({ first, last }) => `  lines       ${first} to ${last}`),
  ];
  return `${lines.join('\n')}\n`;
}

function rulesText({ rules, failedLogs, passingLogs, ok }: RulesReport): string {
  const lines = rules.map(
    ({ id, hits, steals, passingHits, refused }) =>
      `${refused === null ? 'ok     ' : 'refused'}  ${id}: ${hits.length} of ${failedLogs} failed logs, ` +
      `${passingHits} of ${passingLogs} passing ones, decides ${steals.length} that another decided` +
      (refused === null ? '' : `; ${refused}`),
  );
  return `${[...lines, ok ? 'all rules hold' : 'some rules are refused'].join('\n')}\n`;
}
