import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import { Fault } from '@faultline/stream';
import fastify, { type FastifyInstance } from 'fastify';
import type { ApiDeps } from './api-deps.ts';
import { ApiError, ofFault } from './api-error.ts';
import { historyRoutes } from './history-routes.ts';
import { lineRoutes } from './line-routes.ts';
import { liveRoute } from './live-route.ts';
import { transferRoutes } from './transfer-routes.ts';

const BODY_BYTES = 1024 * 1024;

/** The API and the page as a fastify app that is ready and listens nowhere: `app.routing` handles requests. */
export async function createApi(deps: ApiDeps): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_BYTES,
    // inputs are parsed by the routes themselves, and a serializer would drop what a schema forgets
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1_000 },
  });
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler(async (error, _request, reply) => {
    const answer = answerOf(error, deps.onError);
    return reply.code(answer.statusCode).type('application/json; charset=utf-8').send(answer.body);
  });
  app.setNotFoundHandler(async (request, reply) => {
    const answer = new ApiError(
      'NOT_FOUND',
      `there is no ${request.method} ${request.url.slice(0, 200)}`,
      'see /api/openapi.json',
    );
    return reply.code(404).send(answer.body);
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': [`'none'`],
        'script-src': [`'self'`],
        'style-src': [`'self'`, `'unsafe-inline'`], // plots set widths of their elements
        'img-src': [`'self'`, 'data:'],
        'connect-src': [`'self'`],
        'base-uri': [`'none'`],
        'form-action': [`'none'`],
        'frame-ancestors': [`'none'`],
      },
    },
    strictTransportSecurity: false, // whoever puts TLS before it says so
    crossOriginEmbedderPolicy: false,
  });
  await app.register(rateLimit, {
    max: deps.requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { after }) =>
      new ApiError(
        'RATE_LIMITED',
        'too many requests from this address',
        `wait ${after}; the limit is FAULTLINE_API_RATE_PER_MINUTE`,
      ),
  });
  await app.register(compress, { global: true, threshold: 1_024, encodings: ['gzip', 'identity'] });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Faultline analytics',
        version: '1',
        description: 'Errors: {error: {code, message, field, remedy}}. Times: milliseconds since the epoch.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
  });
  await app.register(async (routes) => {
    lineRoutes(routes, deps);
    historyRoutes(routes, deps);
    transferRoutes(routes, deps);
    liveRoute(routes, deps);
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  if (deps.pageFolder !== undefined) {
    await app.register(fastifyStatic, {
      root: deps.pageFolder,
      cacheControl: false,
      setHeaders: (response, path) => {
        // names of assets change with what is in them
        const cached = path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
        response.setHeader('cache-control', cached);
      },
    });
  }
  await app.ready();
  return app;
}

function answerOf(error: unknown, onError: (error: unknown) => void): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof Fault) {
    const code = ofFault[error.code];
    if (code !== undefined) return new ApiError(code, error.message, error.remedy);
  }
  const { statusCode, code, message } = error as {
    readonly statusCode?: unknown;
    readonly code?: unknown;
    readonly message?: unknown;
  };
  if (statusCode === 413)
    return new ApiError('TOO_LARGE', 'the body is too large', 'send less, or stream NDJSON');
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new ApiError('INPUT_INVALID', String(message), 'see /api/openapi.json for what the route takes');
  }
  onError(error);
  if (typeof code === 'string' && /^(ECONN|ETIMEDOUT|57P|53|08)/.test(code)) {
    return new ApiError(
      'UNREACHABLE',
      'Postgres does not answer',
      'check that Postgres answers at DATABASE_URL; see /health',
    );
  }
  return new ApiError('INTERNAL', 'the request failed', 'see the log of analytics');
}
