import { fieldsOf, parseJson, startHttpStandIn, type Answered, type HttpVendor } from './http-stand-in.ts';
import type { StandIn } from './stand-in.ts';

/** Integration key that the stand-in knows. */
export const pagerdutyKey = 'R0000000000000000000000000000001';

const MAX_KEY = 255;
const MAX_SUMMARY = 1_024;
const actions = new Set(['trigger', 'acknowledge', 'resolve']);
const severities = new Set(['critical', 'error', 'warning', 'info']);

function problemsOf(event: Readonly<Record<string, unknown>>): readonly string[] {
  const problems: string[] = [];
  const { routing_key: key, event_action: action, dedup_key: dedup, payload } = event;
  if (key !== pagerdutyKey) problems.push('routing_key is invalid');
  if (!actions.has(String(action))) problems.push('event_action is invalid');
  if (action !== 'trigger' && typeof dedup !== 'string') problems.push('dedup_key is missing');
  if (typeof dedup === 'string' && (dedup === '' || dedup.length > MAX_KEY))
    problems.push('dedup_key is too long');
  if (action === 'trigger') {
    const { summary, source, severity, timestamp } = fieldsOf(payload);
    if (typeof summary !== 'string' || summary === '' || summary.length > MAX_SUMMARY)
      problems.push('payload.summary');
    if (typeof source !== 'string' || source === '') problems.push('payload.source');
    if (!severities.has(String(severity))) problems.push('payload.severity');
    if (timestamp !== undefined && Number.isNaN(Date.parse(String(timestamp))))
      problems.push('payload.timestamp');
  }
  return problems;
}

function pagerdutyVendor(): HttpVendor {
  const alerts = new Map<string, { readonly key: string; status: string; events: number }>();
  return {
    name: 'pagerduty',
    path: '',
    objects: () => [...alerts.values()],
    clear: () => alerts.clear(),
    answer: async ({ method, path, body }): Promise<Answered> => {
      const { value, problem } = parseJson(body);
      const event = fieldsOf(value);
      const { routing_key: _secret, ...sent } = event;
      const key = typeof event['dedup_key'] === 'string' ? event['dedup_key'] : null;
      const note = { id: key, operation: String(event['event_action']), sent };
      if (method !== 'POST' || path !== '/v2/enqueue') {
        return { ...note, status: 404, body: 'not found', problems: [`${method} ${path}`] };
      }
      const problems = problem === null ? problemsOf(event) : [problem];
      if (problems.length > 0) {
        const errors = { status: 'invalid event', message: 'Event object is invalid', errors: problems };
        return { ...note, status: 400, body: JSON.stringify(errors), problems };
      }
      const id = key ?? `generated-${alerts.size}`;
      const alert = alerts.get(id);
      const status =
        { trigger: 'triggered', acknowledge: 'acknowledged', resolve: 'resolved' }[
          String(event['event_action'])
        ] ?? '';
      if (alert !== undefined) {
        alert.status = status === 'triggered' && alert.status === 'acknowledged' ? alert.status : status;
        alert.events += 1;
      } else if (status === 'triggered') alerts.set(id, { key: id, status, events: 1 });
      const answer = { status: 'success', message: 'Event processed', dedup_key: id };
      return { ...note, status: 202, body: JSON.stringify(answer), problems: [] };
    },
  };
}

/** PagerDuty Events v2: one alert for each `dedup_key`. */
export const startPagerDuty = async (port = 0): Promise<StandIn> => startHttpStandIn(pagerdutyVendor(), port);
