import type { FastifyInstance } from 'fastify';
import { readLine } from '../ledger/read-line.ts';
import { readFlow } from '../queries/overview.ts';
import type { ApiDeps } from './api-deps.ts';
import { accessOfRequest } from './route.ts';

const TICK_MS = 1_000;
/** Listeners that are served at once; more get 503 and try again. */
const MOST_LISTENERS = 200;

/** Server-sent events: `line` each second while somebody listens, read once for all of them. */
export function liveRoute(app: FastifyInstance, { pool, now, tokens, onError }: ApiDeps): void {
  const listeners = new Set<(event: string) => void>();
  let timer: NodeJS.Timeout | undefined;

  const tick = async (): Promise<void> => {
    try {
      const at = now();
      const [line, flow] = await Promise.all([readLine(pool, at), readFlow(pool, at)]);
      const event = `event: line\ndata: ${JSON.stringify({ at, line, flow })}\n\n`;
      for (const send of listeners) send(event);
    } catch (error) {
      onError(error);
      for (const send of listeners) send(`event: down\ndata: {"at":${now()}}\n\n`);
    }
    timer = listeners.size === 0 ? undefined : setTimeout(() => void tick(), TICK_MS);
  };

  app.get(
    '/api/v1/live',
    {
      config: { rateLimit: false, compress: false },
      schema: { tags: ['line'], summary: 'Server-sent events: the line and its flow, each second.' },
    },
    (request, reply) => {
      accessOfRequest(request, tokens);
      if (listeners.size >= MOST_LISTENERS) {
        void reply.code(503).header('retry-after', '5').send();
        return;
      }
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const send = (event: string): void => {
        // a listener that does not read is let go, instead of being kept in memory
        if (raw.writableLength > 1_000_000) raw.destroy();
        else raw.write(event);
      };
      listeners.add(send);
      raw.on('close', () => listeners.delete(send));
      if (timer === undefined) void tick();
    },
  );
  app.addHook('onClose', async () => {
    clearTimeout(timer);
    listeners.clear();
  });
}
