import { errorEvent, type ErrorEvent } from '@faultline/schemas';
import { loadCorpus } from '../../test/corpus/load.ts';

/** Events out of the corpus of real failures, with the end of their logs cut to a size; none can be run again. */
export function benchEvents(count: number, bytes: number, run: string): readonly ErrorEvent[] {
  const failures = loadCorpus().filter(({ kind }) => kind === 'failure');
  return Array.from({ length: count }, (_, index) => {
    const item = failures[index % failures.length];
    if (item === undefined) throw new Error('the corpus is empty');
    const lines = item.output.trimEnd().split('\n');
    const text = item.output.trimEnd().slice(-bytes);
    return errorEvent({
      id: `bench-${run}-${index}`,
      time: Date.now(),
      source: 'bench',
      message: (item.message ?? lines.at(-1) ?? item.id).slice(0, 200),
      log: { text, truncated: text.length < item.output.length, omittedLines: null, pointer: null },
      exitCode: item.exitCode,
      repository: `acme/service-${index % 20}`,
      environment: index % 5 === 0 ? 'production' : 'ci',
    });
  });
}
