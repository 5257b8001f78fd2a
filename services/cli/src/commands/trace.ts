import type { Command } from 'commander';
import { Fault } from '@faultline/stream';
import { printJson, type CliContext } from '../cli-context.ts';
import { callApi } from '../line/call-api.ts';
import { locateLine } from '../line/locate-line.ts';

interface TraceOptions {
  readonly json?: boolean;
  readonly data?: string;
}

/** A step of the story, as the API gives it. */
interface Step {
  readonly at: number;
  readonly stage: string;
  readonly topic: string | null;
  readonly partition: number | null;
  readonly offset: number | null;
  readonly decision: string;
  readonly why: string | null;
}

/** The story of an event, as the API gives it. */
interface Story {
  readonly id: string;
  readonly coordinate: unknown;
  readonly state: string;
  readonly steps: readonly Step[];
  readonly same?: boolean;
  readonly differs?: readonly unknown[];
}

/** `faultline trace ID` and `faultline explain ID`: what became of an error, step by step. */
export function traceCommands(program: Command, context: CliContext): void {
  program
    .command('trace')
    .argument('<id>', 'id of the event, or its coordinate topicId/partition/offset')
    .description('tell the story of an error, from raw to its end')
    .option('--json', '{id, coordinate, state, steps}')
    .option('--data <DIR>', 'data folder of the line that is meant')
    .action(async (id: string, options: TraceOptions) => {
      const { status, body } = await callApi(
        locateLine(context, options.data),
        `/api/v1/trace/${encodeURIComponent(id)}`,
      );
      if (status === 404) throw unknownEvent(id);
      print(context, body as Story, options);
    });
  program
    .command('explain')
    .argument('<id>', 'id of the event')
    .description('derive the decisions on an error again, and say where they would differ today')
    .option('--json', '{id, coordinate, state, steps, same, differs}')
    .option('--data <DIR>', 'data folder of the line that is meant')
    .action(async (id: string, options: TraceOptions) => {
      const location = locateLine(context, options.data);
      const { status, body } = await callApi(location, `/api/v1/explain/${encodeURIComponent(id)}`);
      if (status !== 404) {
        print(context, body as Story, options);
        return;
      }
      const traced = await callApi(location, `/api/v1/trace/${encodeURIComponent(id)}`);
      if (traced.status === 404) throw unknownEvent(id);
      throw new Fault('STAGE_CONTRACT', 'this line records why it decided but cannot derive it again yet', {
        remedy: `faultline trace ${id} tells each decision with its reason and the versions that it was made with`,
      });
    });
}

const unknownEvent = (id: string): Fault =>
  new Fault('NOT_FOUND', `no event ${id} is in the history`, {
    remedy: 'check the id; a record that was sent just now may take a second',
  });

function print(context: CliContext, story: Story, { json }: TraceOptions): void {
  if (json === true) {
    printJson(context, story);
    return;
  }
  context.stdout.write(`${story.id} is ${story.state}\n`);
  for (const { at, stage, topic, partition, offset, decision, why } of story.steps) {
    const where = topic === null ? '' : `  ${topic}[${partition ?? '?'}]@${offset ?? '?'}`;
    context.stdout.write(`${new Date(at).toISOString()}  ${stage.padEnd(10)}  ${decision}${where}\n`);
    if (why !== null && why !== '') context.stdout.write(`${' '.repeat(26)}${why}\n`);
  }
  if (story.same === undefined) return;
  const said = story.same ? 'the same decisions today' : `differs: ${JSON.stringify(story.differs)}`;
  context.stdout.write(`${said}\n`);
}
