import type { Classification, ErrorEvent, Evidence } from '@faultline/schemas';
import type { ClassifyWith } from './classify-with.ts';
import { decide, type Decision } from './decide-category.ts';
import { readEvent, type EventReading } from './read-event.ts';
import { fingerprintOf } from './fingerprint/fingerprint.ts';
import { judgeSeverity } from './severity.ts';

/** Decides what kind of failure a redacted event is: rules before learned patterns before the model. */
export function classifyEvent(event: ErrorEvent, using: ClassifyWith, passingLog?: string): Classification {
  const reading = readEvent(event, using.rules, passingLog);
  const decision = decide(event, reading, using);
  const exceptionType = reading.crash?.type ?? reading.trace?.type ?? event.type;
  const title = titleOf(event, reading, decision);
  const fingerprint = fingerprintOf({
    type: exceptionType,
    message: title,
    frames: reading.trace?.frames ?? [],
    task: event.task,
    ...(reading.crash === undefined ? {} : { crash: reading.crash.state }),
    explicit: event.fingerprint,
  });
  const judged = judgeSeverity({
    base: decision.severity,
    basedOn: decision.basedOn,
    environment: event.environment,
    ref: event.ref,
    hint: event.severityHint,
  });
  return {
    category: decision.category,
    errorType: decision.errorType,
    severity: judged.severity,
    severityReason: judged.reason,
    retryClass: decision.retryClass,
    tool: decision.tool,
    confidence: decision.confidence,
    strategy: decision.strategy,
    ruleId: decision.ruleId,
    title,
    cause: decision.cause,
    remedy: decision.remedy,
    evidence: evidenceOf(event, reading, decision),
    causeLine: causeOf(reading, decision),
    symptomLine: reading.region?.symptom ?? null,
    exitLine: reading.region?.exit ?? null,
    region: rangesWith(reading, decision),
    exceptionType,
    frames: reading.trace?.frames ?? [],
    fingerprint,
    groupKey: using.groupOf(fingerprint.id),
  };
}

/** The line by which a rule decided states the cause better than any line that only looks like it. */
function causeOf({ region }: EventReading, { farLine, nearLine }: Decision): Classification['causeLine'] {
  if (region === undefined) return null;
  const line = farLine ?? nearLine;
  return line === undefined ? region.cause : { line, text: region.log.clean[line] as string };
}

function rangesWith({ region }: EventReading, { farLine }: Decision): Classification['region'] {
  const ranges = region?.ranges ?? [];
  if (farLine === undefined || ranges.some(({ first, last }) => farLine >= first && farLine <= last))
    return ranges;
  return [...ranges, { first: farLine, last: farLine }].sort((a, b) => a.first - b.first);
}

/** Longest title, in UTF-16 units. */
const MAX_TITLE_UNITS = 300;

/** The cause in one line: what the trace says, else the line that decided, else the region's, else the message. */
function titleOf(event: ErrorEvent, reading: EventReading, decision: Decision): string {
  const { trace, crash, region } = reading;
  const ofCrash =
    crash === undefined ? undefined : [crash.type.replace('\n', ' '), crash.state[0] ?? ''].join(': ');
  const ofTrace =
    trace === undefined || trace.type === null
      ? undefined
      : trace.message === null || trace.message === ''
        ? trace.type
        : `${trace.type}: ${trace.message}`;
  const line =
    ofCrash ??
    ofTrace ??
    decision.line ??
    (reading.messageIsWrapper ? region?.cause?.text : undefined) ??
    reading.message[0] ??
    event.message;
  return line.slice(0, MAX_TITLE_UNITS);
}

function evidenceOf(event: ErrorEvent, reading: EventReading, decision: Decision): readonly Evidence[] {
  const observed = (kind: string, text: string): Evidence => ({
    kind,
    id: null,
    text,
    line: null,
    weight: null,
  });
  return [
    ...decision.evidence,
    ...(event.exitCode === null ? [] : [observed('exit-code', `exit code ${event.exitCode}`)]),
    ...(event.signal === null ? [] : [observed('signal', event.signal)]),
    ...(event.severityHint === null
      ? []
      : [observed('hint', `the producer says ${event.severityHint.slice(0, 60)}`)]),
    ...(reading.trace?.type == null
      ? []
      : [observed('exception', `${reading.trace.language}: ${reading.trace.type}`)]),
  ];
}
