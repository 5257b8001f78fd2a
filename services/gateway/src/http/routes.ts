import type { FastifyRequest } from 'fastify';
import type { Coordinate } from '@faultline/schemas';
import {
  readGithubWorkflowJob,
  readJunitXml,
  readOtlpLogs,
  readPlainJson,
  readSentryEnvelope,
  type JunitRun,
} from '../adapters/index.ts';
import { unreadable, type Adapted, type Reception } from '../domain/received.ts';

/** What was taken into the line. */
export interface Taken {
  readonly records: readonly { readonly id: string; readonly coordinate: Coordinate | undefined }[];
  readonly observations: readonly string[];
  readonly ignored: string | undefined;
}

/** One way in. */
export interface Route {
  readonly path: string;
  /** What a request must show: the bearer token, GitHub's signature or a Sentry key. */
  readonly guard: 'token' | 'github' | 'sentry';
  readonly read: (body: Buffer, reception: Reception, request: FastifyRequest) => Adapted;
  readonly respond: (taken: Taken) => { readonly status: number; readonly body: object };
}

const accepted: Route['respond'] = ({ records, observations, ignored }) => ({
  status: 202,
  body: {
    v: 1,
    accepted: records.length + observations.length,
    ...(records.length === 1 ? records[0] : {}),
    records,
    observations,
    ...(ignored === undefined ? {} : { ignored }),
  },
});

/** Every way in. */
export const routes: readonly Route[] = [
  {
    path: '/v1/errors',
    guard: 'token',
    read: (body, reception) => readPlainJson('ErrorEvent', body, reception),
    respond: accepted,
  },
  {
    path: '/v1/observations',
    guard: 'token',
    read: (body, reception) => readPlainJson('Observation', body, reception),
    respond: accepted,
  },
  { path: '/v1/junit', guard: 'token', read: readJunit, respond: accepted },
  {
    path: '/v1/logs',
    guard: 'token',
    read: readOtlpLogs,
    respond: () => ({ status: 200, body: { partialSuccess: {} } }), // as OTLP asks for
  },
  {
    path: '/v1/webhooks/github',
    guard: 'github',
    read: (body, reception, request) =>
      readGithubWorkflowJob(request.headers['x-github-event']?.toString(), body, reception),
    respond: accepted,
  },
  {
    path: '/api/:project/envelope/',
    guard: 'sentry',
    read: readSentryEnvelope,
    respond: ({ records }) => ({ status: 200, body: { id: records[0]?.id ?? '' } }), // as Sentry answers
  },
];

const junitNames = ['repository', 'commit', 'ref', 'pipeline', 'run', 'task', 'runner'] as const;

function readJunit(body: Buffer, reception: Reception, request: FastifyRequest): Adapted {
  const query = request.query as Readonly<Record<string, string | undefined>>;
  const attempt = query['attempt'] === undefined ? undefined : Number(query['attempt']);
  if (attempt !== undefined && !(Number.isInteger(attempt) && attempt > 0)) {
    return unreadable(
      `is the text "${query['attempt'] ?? ''}"`,
      'give a whole number from 1 on, or leave it out',
      'attempt',
    );
  }
  const named = junitNames.flatMap((name) => {
    const value = query[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  const run: JunitRun = { ...Object.fromEntries(named), ...(attempt === undefined ? {} : { attempt }) };
  return readJunitXml(body, run, reception);
}
