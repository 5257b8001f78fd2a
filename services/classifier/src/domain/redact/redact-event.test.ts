import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorEvent, type ErrorEvent } from '@faultline/schemas';
import { createRedactor } from './redactor.ts';
import { redactEvent } from './redact-event.ts';

const redactor = createRedactor({ keys: ['deploy_phrase'] });
const alphabet = [...'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'];
const secret = (length: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });

/** A canary: what must not be found, and the text that holds it. */
const canary = fc.oneof(
  secret(36).map((text) => ({ secret: text, text: `ghp_${text}` })),
  secret(40).map((text) => ({ secret: text, text: `github_pat_${text}` })),
  secret(20).map((text) => ({ secret: text, text: `glpat-${text}` })),
  secret(16).map((text) => ({ secret: text.toUpperCase(), text: `AKIA${text.toUpperCase()}` })),
  secret(24).map((text) => ({ secret: text, text: `xoxb-${text}` })),
  secret(40).map((text) => ({ secret: text, text: `sk-ant-${text}` })),
  secret(40).map((text) => ({ secret: text, text: `lin_api_${text}` })),
  secret(30).map((text) => ({ secret: text, text: `eyJ${text}.eyJ${text}.${text}` })),
  secret(12).map((text) => ({ secret: text, text: `https://deploy:${text}@git.example.com/x.git` })),
  secret(20).map((text) => ({ secret: text, text: `postgresql://user:${text}@db:5432/x` })),
  secret(20).map((text) => ({ secret: text, text: `Authorization: Bearer ${text}` })),
  secret(20).map((text) => ({ secret: text, text: `curl -H "Authorization: Basic ${text}=="` })),
  secret(14).map((text) => ({ secret: text, text: `DB_PASSWORD=${text}` })),
  secret(14).map((text) => ({ secret: text, text: `{"apiKey": "${text}"}` })),
  secret(14).map((text) => ({ secret: text, text: `--client-secret ${text}` })),
  secret(14).map((text) => ({ secret: text, text: `deploy_phrase: ${text}9` })),
  secret(64).map((text) => ({
    secret: text,
    text: `-----BEGIN RSA PRIVATE KEY-----\n${text}\n${text}\n-----END RSA PRIVATE KEY-----`,
  })),
  fc
    .constantFrom('4111111111111111', '5500 0055 5555 5559', '3782-822463-10005')
    .map((text) => ({ secret: text, text })),
);

/** Puts an escape, or an invisible character, somewhere inside a text. */
const hidden = fc
  .tuple(canary, fc.nat(), fc.constantFrom('', '\u001b[31m', '\u001b[0m', '\u200b', '\u0008'))
  .map(([{ secret: wanted, text }, at, escape]) => {
    const place = escape === '' ? 0 : at % text.length;
    return { secret: wanted, text: text.slice(0, place) + escape + text.slice(place) };
  });

const textFields = [
  'source',
  'message',
  'type',
  'stack',
  'signal',
  'severityHint',
  'environment',
  'repository',
  'commit',
  'ref',
  'pipeline',
  'run',
  'task',
  'runner',
  'agent',
  'operation',
] as const;

function plant(text: string): ErrorEvent {
  const around = `before ${text} after`;
  const named = Object.fromEntries(textFields.map((field) => [field, around]));
  return errorEvent({
    id: 'e',
    time: 0,
    source: '',
    message: '',
    ...named,
    log: { text: `first line\n${around}\nlast line`, truncated: false, omittedLines: null, pointer: around },
    labels: { label: around, [text]: 'value' },
    context: { value: around },
    fingerprint: [around],
    rerun: {
      kind: 'http',
      target: around,
      method: around,
      headers: { 'X-Any': around, Authorization: text },
      body: around,
      key: around,
      idempotent: true,
      sideEffects: [around],
      credentials: around,
      timeoutMs: null,
    },
  });
}

describe('redactEvent', () => {
  it('leaves no planted canary in any field, escapes inside it or not', () => {
    fc.assert(
      fc.property(hidden, ({ secret: wanted, text }) => {
        const out = JSON.stringify(redactEvent(plant(text), redactor));
        expect(out).not.toContain(wanted);
      }),
      { numRuns: 500 },
    );
  });

  it('is idempotent and keeps the number of lines', () => {
    fc.assert(
      fc.property(fc.array(hidden, { maxLength: 5 }), (canaries) => {
        const text = canaries.map((one) => one.text).join('\n and \n');
        const once = redactor.text(text);
        expect(redactor.text(once)).toBe(once);
        expect(once.split('\n')).toHaveLength(text.split('\n').length);
      }),
      { numRuns: 200 },
    );
  });

  it('redacts the value of a sensitive key whatever it looks like, and leaves references', () => {
    const { labels, context } = redactEvent(
      errorEvent({
        id: 'e',
        time: 0,
        source: 's',
        message: 'm',
        labels: { api_key: 'short', token_ref: '$TOKEN' },
        context: { password: 12_345, retries: 3 },
      }),
      redactor,
    );
    expect(labels['api_key']).toBe('[redacted:named-secret]');
    expect(context['password']).toBe('[redacted:named-secret]');
    expect(context['retries']).toBe(3);
  });

  it.each([
    'Author: Jane Doe',
    'the tokenizer failed on line 3',
    'PWD=/home/runner/work',
    'error: unexpected token: expected identifier',
    'order 4111111111111112 was not found',
    'password: ***',
    'secret = ${{ secrets.DEPLOY }}',
    'https://example.com/a:b/c',
    'commit 0123456789abcdef0123456789abcdef01234567',
  ])('leaves %s as it is', (text) => {
    expect(redactor.text(text)).toBe(text);
  });
});
