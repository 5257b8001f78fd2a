import type { ErrorEvent } from '@faultline/schemas';
import { findRegion, type Region } from './region/find-region.ts';
import type { RuleSet } from './rules/rule-set.ts';
import { cleanLine } from './text/clean-line.ts';
import { LiteralIndex } from './text/literal-index.ts';
import { splitLines } from './text/split-lines.ts';
import { parseCrash, type CrashReport } from './traces/crash-report.ts';
import { parseTrace, type Trace } from './traces/parse-trace.ts';

/** What stands in an event, read once. */
export interface EventReading {
  /** Cleaned lines of the message. */
  readonly message: readonly string[];
  /** Cleaned lines of the stack. */
  readonly stack: readonly string[];
  /** What explains the failure in the log, where there is one. */
  readonly region: Region | undefined;
  readonly trace: Trace | undefined;
  readonly crash: CrashReport | undefined;
  /** Whether the message only says that something failed. */
  readonly messageIsWrapper: boolean;
}

/** Lines behind the region in which its stack trace may go on. */
const TRACE_REACH = 120;

/** Words without which no crash report is looked for. */
const crashWords = new LiteralIndex([
  'sanitizer',
  'libfuzzer',
  'fatal error',
  'fatal:',
  'panic',
  'kasan',
  'sigsegv',
  'signal 11',
  'signal (',
  'deadly signal',
  'check failed',
  'assert',
  'fatal signal',
  'received signal',
  'jazzer',
  'bug detected',
  'uncaught python',
  'kernel',
  'general protection',
  'rss limit',
  'stack limit',
  'timeout exceeded',
  'runtime error: ',
  '= timeout',
  'cannot link',
  'shared librar',
  '(code c0000',
  'code c00000fd',
  'abort:',
  'out of memory',
  'bytes failed',
]);
const nativeWords =
  /Sanitizer|libFuzzer|runtime error: |= Timeout|#0|^# Fatal|KASAN|FATAL:|signal \d|SIG[A-Z]{3}|BUG DETECTED|Jazzer|jazzer|general protection|Kernel panic|kernel paging|RSS limit|[Tt]imeout exceeded|Stack limit|CANNOT LINK|shared libraries|code c0000|^abort:|FATAL EXCEPTION|goroutine \d/m;

/** Reads an event: its lines, the region of its log, its stack trace or crash report. */
export function readEvent(event: ErrorEvent, rules: RuleSet, passingLog?: string): EventReading {
  const message = splitLines(event.message)
    .map((line) => cleanLine(line))
    .filter((line) => line !== '');
  const stack = event.stack === null ? [] : splitLines(event.stack).map((line) => cleanLine(line));
  const region =
    event.log === null || event.log.text === ''
      ? undefined
      : findRegion(event.log.text, { rules, ...(passingLog === undefined ? {} : { passingLog }) });
  const around = region === undefined ? [] : linesAround(region);
  const crashText =
    stack.length > 0 ? (event.stack ?? '') : around.length > 0 ? around.join('\n') : event.message;
  const crash =
    crashWords.occursIn(crashText) && nativeWords.test(crashText)
      ? crashOf(event, stack.length > 0 ? stack : around.length > 0 ? around : message)
      : undefined;
  const trace =
    (stack.length > 0
      ? parseTrace([...(message.length > 0 ? [message[0] as string] : []), ...stack])
      : undefined) ??
    (message.length > 1 ? parseTrace(message) : undefined) ??
    (around.length > 0 ? parseTrace(around) : undefined);
  return {
    message,
    stack,
    region,
    trace,
    crash,
    messageIsWrapper:
      message.length === 0 || (region !== undefined && message.every((line) => rules.isWrapper(line))),
  };
}

/** The region and what may continue its trace. */
function linesAround({ log, ranges }: Region): readonly string[] {
  const first = ranges[0]?.first ?? 0;
  const last = ranges.at(-1)?.last ?? -1;
  return log.clean.slice(first, Math.min(log.clean.length, last + 1 + TRACE_REACH));
}

function crashOf(event: ErrorEvent, lines: readonly string[]): CrashReport | undefined {
  const target = event.context['fuzzTarget'];
  const limits = event.context['reportLimits'];
  return parseCrash(lines, {
    ...(typeof target === 'string' && target !== '' ? { fuzzTarget: target } : {}),
    ...(limits === false ? { reportLimits: false } : {}),
  });
}
