import { fieldsOf, parseJson, startHttpStandIn, type Answered, type HttpVendor } from './http-stand-in.ts';
import type { StandIn } from './stand-in.ts';

const PATH = '/services/T000/B000/secret';
const MAX_BLOCKS = 50;
const MAX_SECTION = 3_000;
const MAX_HEADER = 150;
const MAX_TOTAL = 13_000;
const ONE_A_SECOND_MS = 1_000;
const TOLERANCE_MS = 150; // of two clocks and the way between
const known = new Set(['text', 'blocks', 'attachments', 'unfurl_links', 'unfurl_media', 'metadata']);

function problemsOf(message: unknown): readonly string[] {
  const fields = fieldsOf(message);
  const problems = Object.keys(fields)
    .filter((key) => !known.has(key))
    .map((key) => `unknown field ${key}`);
  if (typeof fields['text'] !== 'string' || fields['text'] === '') problems.push('no_text');
  if (/<[!@#]/.test(String(fields['text']))) problems.push('a mention that nobody meant');
  const blocks = Array.isArray(fields['blocks']) ? (fields['blocks'] as unknown[]) : [];
  if (blocks.length > MAX_BLOCKS) problems.push('invalid_blocks: more than 50');
  let total = 0;
  for (const block of blocks) {
    const { type, text } = fieldsOf(block);
    const { type: kind, text: words } = fieldsOf(text);
    if (typeof words !== 'string' || words === '') problems.push('invalid_blocks: a block without text');
    const length = typeof words === 'string' ? words.length : 0;
    total += length;
    if (type === 'header' && (length > MAX_HEADER || kind !== 'plain_text'))
      problems.push('invalid_blocks: header');
    else if (type === 'section' && length > MAX_SECTION) problems.push('invalid_blocks: section');
    else if (type !== 'header' && type !== 'section') problems.push(`invalid_blocks: ${String(type)}`);
    if (kind === 'mrkdwn' && /<[!@#]/.test(String(words))) problems.push('a mention that nobody meant');
  }
  if (total > MAX_TOTAL) problems.push('msg_blocks_too_long');
  return problems;
}

function slackVendor(now: () => number): HttpVendor {
  const messages: unknown[] = [];
  let last = -Infinity;
  return {
    name: 'slack',
    path: PATH,
    objects: () => messages,
    clear: () => {
      messages.length = 0;
      last = -Infinity;
    },
    refused: () => ({ status: 404, body: 'no_service' }),
    answer: async ({ method, path, body }): Promise<Answered> => {
      const { value, problem } = parseJson(body);
      const note = {
        id: null,
        operation: `${method} webhook`,
        sent: value,
        headers: { 'content-type': 'text/html' },
      };
      if (path !== PATH) return { ...note, status: 404, body: 'no_service', problems: ['another address'] };
      const problems = problem === null ? problemsOf(value) : [problem];
      if (problems.length > 0) return { ...note, status: 400, body: problems.join(', '), problems };
      const since = now() - last;
      if (since < ONE_A_SECOND_MS - TOLERANCE_MS) {
        const limited = { status: 429, body: 'rate_limited', headers: { 'retry-after': '1' } };
        return { ...note, ...limited, problems: [`a message ${since} ms after the last`] };
      }
      last = now();
      messages.push(value);
      return { ...note, status: 200, body: 'ok', problems: [] };
    },
  };
}

/** An incoming webhook of Slack: no ids, so that each message is a new one; the limits of Block Kit; one message a second. */
export const startSlack = async (port = 0, now: () => number = Date.now): Promise<StandIn> =>
  startHttpStandIn(slackVendor(now), port);
