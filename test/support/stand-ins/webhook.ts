import { Webhook } from 'standardwebhooks';
import { parseJson, startHttpStandIn, type Answered, type HttpVendor } from './http-stand-in.ts';
import type { StandIn } from './stand-in.ts';

/** Secret of the stand-in: `whsec_` and the base64 of 32 bytes. */
export const webhookSecret = `whsec_${Buffer.from('a secret of thirty-two bytes....').toString('base64')}`;

function webhookVendor(secret: string): HttpVendor {
  const events = new Map<string, unknown>();
  const oracle = new Webhook(secret);
  return {
    name: 'webhook',
    path: '/hook',
    objects: () => [...events].map(([id, event]) => ({ id, event })),
    clear: () => events.clear(),
    refused: () => ({ status: 410, body: 'gone' }),
    answer: async ({ headers, body }): Promise<Answered> => {
      const { value } = parseJson(body);
      const id = typeof headers['webhook-id'] === 'string' ? headers['webhook-id'] : null;
      const note = { id, operation: 'webhook', sent: value };
      try {
        oracle.verify(body.toString('utf8'), headers as Record<string, string>);
      } catch (error) {
        return { ...note, status: 401, body: 'invalid signature', problems: [String(error)] };
      }
      const before = id === null ? undefined : events.get(id);
      const changed = before !== undefined && JSON.stringify(before) !== JSON.stringify(value);
      if (id !== null && before === undefined) events.set(id, value);
      return { ...note, status: 200, body: '{}', problems: changed ? ['the same id with another body'] : [] };
    },
  };
}

/** A receiver of signed webhooks, which verifies by the `standardwebhooks` package and knows events by their id. */
export const startWebhook = async (port = 0, secret = webhookSecret): Promise<StandIn> =>
  startHttpStandIn(webhookVendor(secret), port);
