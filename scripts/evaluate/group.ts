import { errorEvent, type ErrorEvent } from '@faultline/schemas';
import { classifyText, classifyWhole } from '@faultline/classifier';
import type { Item, Predict } from './predict.ts';

/** The fingerprint of each failure; of crash reports their kind and state too. */
export const group: Predict = (items) =>
  items.map((item) => (typeof item['trace'] === 'string' ? ofTrace(item) : ofLog(item)));

function ofTrace(item: Item): Item {
  const trace = String(item['trace']);
  const settings = item['environment'] as Readonly<Record<string, unknown>> | undefined;
  const event: ErrorEvent = errorEvent({
    id: String(item['id']),
    time: 0,
    source: 'trace',
    message: '',
    stack: trace,
    task: typeof item['test'] === 'string' ? item['test'] : null,
    repository: typeof item['project'] === 'string' ? item['project'] : null,
    context: settings === undefined ? {} : contextOf(settings),
  });
  const { classification } = classifyWhole(event);
  const { components } = classification.fingerprint;
  const crash =
    settings === undefined
      ? {}
      : { crash_type: classification.exceptionType ?? '', crash_state: stateOf(components) };
  return { id: item['id'], fingerprint: classification.fingerprint.id, ...crash };
}

/** Settings of a fuzzing job, by the names under which events carry them. */
function contextOf(settings: Readonly<Record<string, unknown>>): ErrorEvent['context'] {
  const target = settings['FUZZ_TARGET'];
  return {
    ...(typeof target === 'string' ? { fuzzTarget: target } : {}),
    reportLimits: settings['REPORT_OOMS_AND_HANGS'] !== undefined,
  };
}

/** The parts behind the kind of the crash, each followed by a line end; the pack writes NULL where there are none. */
function stateOf([type, ...state]: readonly string[]): string {
  if (type === undefined || type === '') return '';
  return state.length === 0 ? 'NULL' : state.map((line) => `${line}\n`).join('');
}

function ofLog(item: Item): Item {
  const { classification } = classifyText(String(item['log_tail'] ?? item['log'] ?? ''));
  return { id: item['id'], fingerprint: classification.fingerprint.id };
}
