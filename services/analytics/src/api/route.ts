import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiToken, Role } from '../config.ts';
import { accessOf, requireRole, type Access } from './access.ts';
import { ApiError } from './api-error.ts';

/** Schemas of what a request holds. */
export interface RouteInput {
  readonly query?: z.ZodType;
  readonly params?: z.ZodType;
  readonly body?: z.ZodType;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** One route of the API: what it takes, who may call it, what it answers. */
export interface RouteSpec<Input extends RouteInput> {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly tag: string;
  readonly summary: string;
  readonly role: Role;
  readonly input: Input;
  readonly bodyLimit?: number;
  readonly handle: (
    given: {
      readonly query: Parsed<Input['query']>;
      readonly params: Parsed<Input['params']>;
      readonly body: Parsed<Input['body']>;
      readonly access: Access;
    },
    reply: FastifyReply,
    request: FastifyRequest,
  ) => Promise<unknown>;
}

/** Adds a route: checks the role, parses the input, documents it. */
export function addRoute<const Input extends RouteInput>(
  app: FastifyInstance,
  tokens: readonly ApiToken[] | undefined,
  spec: RouteSpec<Input>,
): void {
  const { method, url, tag, summary, role, input, bodyLimit } = spec;
  app.route({
    method,
    url,
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    schema: {
      tags: [tag],
      summary,
      description: `Needs the role ${role}.`,
      ...(input.query === undefined ? {} : { querystring: jsonSchema(input.query) }),
      ...(input.params === undefined ? {} : { params: jsonSchema(input.params) }),
      ...(input.body === undefined ? {} : { body: jsonSchema(input.body) }),
    },
    handler: async (request, reply) => {
      const access = accessOfRequest(request, tokens);
      requireRole(access, role);
      return spec.handle(
        {
          query: parse('query', input.query, request.query) as Parsed<Input['query']>,
          params: parse('params', input.params, request.params) as Parsed<Input['params']>,
          body: parse('body', input.body, request.body) as Parsed<Input['body']>,
          access,
        },
        reply,
        request,
      );
    },
  });
}

/** Who sends a request. */
export const accessOfRequest = (request: FastifyRequest, tokens: readonly ApiToken[] | undefined): Access =>
  accessOf(
    {
      remoteAddress: request.socket.remoteAddress,
      host: request.headers.host,
      origin: request.headers.origin,
      authorization: request.headers.authorization,
      method: request.method,
    },
    tokens,
  );

function parse(where: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? where : issue.path.join('.');
  throw new ApiError(
    'INPUT_INVALID',
    `${field}: ${issue?.message ?? 'is wrong'}`,
    'see /api/openapi.json for what the route takes',
    field,
  );
}

const jsonSchema = (schema: z.ZodType): object => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    target: 'draft-7',
  });
  return rest;
};
