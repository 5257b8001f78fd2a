import { Option, type Command } from 'commander';
import type { ErrorEvent } from '@faultline/schemas';
import { wrongInput } from '../exit-code.ts';

/** What the options of `send` and `wrap` say of an event. */
export interface EventOptions {
  readonly source?: string;
  readonly type?: string;
  readonly operation?: string;
  readonly repository?: string;
  readonly commit?: string;
  readonly ref?: string;
  readonly pipeline?: string;
  readonly run?: string;
  readonly task?: string;
  readonly attempt?: string;
  readonly runner?: string;
  readonly environment?: string;
  readonly severity?: string;
  readonly agent?: string;
  readonly label?: readonly string[];
  readonly context?: readonly string[];
  readonly rerunUrl?: string;
  readonly idempotent?: boolean;
}

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

/** Adds the options that describe an event. */
export function addEventOptions(command: Command): Command {
  return command
    .option('--source <NAME>', 'what reports; the CI system where it is known, else cli')
    .option('--type <TYPE>', 'class of the exception or code of the error')
    .option('--operation <NAME>', 'name of the operation; errors of one operation keep their order')
    .option('--repository <NAME>', 'repository, owner/name')
    .option('--commit <SHA>', 'commit that ran')
    .option('--ref <NAME>', 'branch or tag that ran')
    .option('--pipeline <NAME>', 'pipeline')
    .option('--run <ID>', 'run of the pipeline')
    .option('--task <NAME>', 'job or step')
    .option('--attempt <N>', 'which attempt of the run, from 1')
    .option('--runner <NAME>', 'machine or pool')
    .option('--environment <NAME>', 'such as production or ci')
    .addOption(
      new Option('--severity <LEVEL>', 'what you think of it; weighed, not obeyed').choices([
        'low',
        'medium',
        'high',
        'critical',
      ]),
    )
    .option('--agent <NAME>', 'AI agent that was at work')
    .option('--label <NAME=VALUE>', 'label; may be given again', collect)
    .option('--context <NAME=VALUE>', 'anything else; numbers, true and false are taken as such', collect)
    .option('--rerun-url <URL>', 'POST to this address to run the operation again')
    .option('--idempotent', 'running it twice does no more than running it once');
}

/** Fields of the event that the options give. */
export function eventFields(options: EventOptions): Partial<ErrorEvent> {
  const attempt = options.attempt === undefined ? undefined : Number(options.attempt);
  if (attempt !== undefined && !(Number.isInteger(attempt) && attempt > 0)) {
    throw wrongInput(`--attempt is "${options.attempt ?? ''}"`, 'give a whole number from 1 on');
  }
  if (options.rerunUrl !== undefined && !URL.canParse(options.rerunUrl)) {
    throw wrongInput(`--rerun-url is "${options.rerunUrl}"`, 'give an absolute http or https address');
  }
  const given: Record<string, unknown> = {
    source: options.source,
    type: options.type,
    operation: options.operation,
    repository: options.repository,
    commit: options.commit,
    ref: options.ref,
    pipeline: options.pipeline,
    run: options.run,
    task: options.task,
    attempt,
    runner: options.runner,
    environment: options.environment,
    severityHint: options.severity,
    agent: options.agent,
    labels: options.label === undefined ? undefined : Object.fromEntries(options.label.map(pair)),
    context:
      options.context === undefined
        ? undefined
        : Object.fromEntries(options.context.map(pair).map(([name, value]) => [name, scalar(value)])),
    rerun:
      options.rerunUrl === undefined
        ? undefined
        : {
            kind: 'http',
            target: options.rerunUrl,
            method: 'POST',
            headers: {},
            body: null,
            key: null,
            idempotent: options.idempotent === true,
            sideEffects: [],
            credentials: null,
            timeoutMs: null,
          },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function pair(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw wrongInput(`"${text}" is not of the form NAME=VALUE`, 'write it as NAME=VALUE');
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function scalar(value: string): string | number | boolean {
  if (value === 'true') return true;
  if (value === 'false') return false;
  const number = Number(value);
  return value.trim() !== '' && Number.isFinite(number) ? number : value;
}
