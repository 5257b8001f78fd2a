import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { InputProblem } from '@faultline/schemas';
import type { Adapted, Reception } from '../domain/received.ts';
import type { Cleaning, LineIn } from '../domain/line-in.ts';
import { LineUnavailableError } from '../domain/line-in.ts';
import { isAuthorised } from './authorise.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { gunzipBounded } from './gunzip-bounded.ts';
import { routes, type Route } from './routes.ts';

/** What the gateway is built with. */
export interface GatewayDeps {
  readonly line: LineIn;
  readonly clean: Cleaning;
  readonly now: () => number;
  readonly newId: () => string;
  /** Told of what nobody expected; the client gets 500 without details. */
  readonly onError?: (error: unknown) => void;
  readonly options: GatewayOptions;
}

/** Seconds after which a client should try again while the broker is away. */
const RETRY_AFTER_S = 5;

/** The HTTP application: every way in, one after another into the line. Nothing is answered before the broker has it. */
export async function createGateway(deps: GatewayDeps): Promise<FastifyInstance> {
  const { options } = deps;
  const app = fastify({ logger: false, bodyLimit: options.bodyLimitBytes, trustProxy: false });
  await app.register(helmet);
  await app.register(rateLimit, { max: options.requestsPerMinute, timeWindow: 60_000 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(async (error: { statusCode?: number; message: string }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) deps.onError?.(error);
    const remedy =
      status === 413
        ? `send at most ${options.bodyLimitBytes} bytes in one request`
        : status === 429
          ? 'wait as Retry-After says, or raise FAULTLINE_INGEST_PER_MINUTE'
          : 'see the log of the gateway';
    const message = status >= 500 ? 'the gateway failed on this request' : error.message;
    return reply.code(status).send({ error: { message, remedy } });
  });
  app.setNotFoundHandler(async (request, reply) => {
    const known = routes.map(({ path }) => `POST ${path}`).join(', ');
    return reply.code(404).send({
      error: { message: `there is no ${request.method} ${request.url}`, remedy: `use one of ${known}` },
    });
  });
  for (const route of routes) {
    app.post(route.path, async (request, reply) => answer(route, request, reply, deps));
  }
  await app.ready();
  return app;
}

async function answer(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: GatewayDeps,
): Promise<FastifyReply> {
  const body = await bodyOf(request, deps.options.bodyLimitBytes);
  if (body === undefined) {
    return refuse(reply, 400, [
      {
        field: '',
        problem: 'cannot be decompressed within the body limit',
        remedy: 'send plain or gzip bytes',
      },
    ]);
  }
  const refusal = isAuthorised(route, request, body, deps.options);
  if (refusal !== undefined) return refuse(reply, refusal.status, [refusal.problem]);
  const reception: Reception = { now: deps.now(), newId: deps.newId };
  const adapted = route.read(body, reception, request);
  if (!adapted.ok) return refuse(reply, 400, adapted.problems);
  try {
    return await send(route, adapted, reply, deps);
  } catch (error) {
    if (!(error instanceof LineUnavailableError)) throw error;
    return reply
      .code(503)
      .header('retry-after', RETRY_AFTER_S)
      .send({
        error: {
          message: `the broker did not acknowledge: ${error.message}`,
          remedy:
            'send the same records again with the ids below: one that was taken after all is suppressed as a duplicate',
        },
        ids: [...adapted.events, ...adapted.observations].map(({ id }) => id),
      });
  }
}

async function send(
  route: Route,
  { events, observations, ignored }: Extract<Adapted, { ok: true }>,
  reply: FastifyReply,
  { line, clean }: GatewayDeps,
): Promise<FastifyReply> {
  const coordinates = events.length === 0 ? [] : await line.sendErrors(events.map(clean.event));
  if (observations.length > 0) await line.sendObservations(observations.map(clean.observation));
  const records = events.map(({ id }, index) => ({ id, coordinate: coordinates[index] }));
  const told = route.respond({ records, observations: observations.map(({ id }) => id), ignored });
  return reply.code(told.status).send(told.body);
}

async function bodyOf(request: FastifyRequest, limitBytes: number): Promise<Buffer | undefined> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return request.headers['content-encoding'] === 'gzip' ? gunzipBounded(body, limitBytes) : body;
}

const refuse = (reply: FastifyReply, status: number, problems: readonly InputProblem[]): FastifyReply => {
  const [first] = problems;
  const field = first === undefined || first.field === '' ? 'the body' : first.field;
  return reply.code(status).send({
    error: { message: `${field} ${first?.problem ?? 'is wrong'}`, remedy: first?.remedy ?? '', problems },
  });
};
