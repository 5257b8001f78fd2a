import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readReport } from '../report/report.ts';
import { renderReport, reportFormats, reportTypes } from '../report/render-report.ts';
import { exportHistory } from '../transfer/export-history.ts';
import { importHistory } from '../transfer/import-history.ts';
import type { TransferLine } from '../transfer/transfer-line.ts';
import type { ApiDeps } from './api-deps.ts';
import { ApiError } from './api-error.ts';
import { periodFrom, periodQuery } from './inputs.ts';
import { addRoute } from './route.ts';

const DAY_MS = 86_400_000;
/** Lines that one value may hold; more are for the streaming form. */
const MOST_LINES = 100_000;
const IMPORT_BYTES = 64 * 1024 * 1024;
/** One line of NDJSON: an event with its excerpt of 64 KiB, and room for escapes. */
const LINE_BYTES = 4 * 1024 * 1024;

/** Reports, export and import. */
export function transferRoutes(app: FastifyInstance, { pool, now, tokens, rates }: ApiDeps): void {
  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/report',
    tag: 'reports',
    summary: 'The report of a period, as JSON, Markdown, CSV or one HTML page.',
    role: 'viewer',
    input: { query: periodQuery.extend({ format: z.enum(reportFormats).default('json') }) },
    handle: async ({ query }, reply) => {
      const { from, to } = periodFrom(query, now(), DAY_MS);
      const report = await readReport(pool, from, to, rates, now());
      if (query.format === 'html') {
        // a report stands alone: it may hold its own styles, and nothing else
        void reply.header('content-security-policy', `default-src 'none'; style-src 'unsafe-inline'`);
      }
      return reply.type(reportTypes[query.format]).send(renderReport[query.format](report));
    },
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/export',
    tag: 'transfer',
    summary: 'The whole history as one value; refused beyond 100,000 lines.',
    role: 'admin',
    input: {},
    handle: async () => {
      const lines: TransferLine[] = [];
      for await (const line of exportHistory(pool)) {
        lines.push(line);
        if (lines.length > MOST_LINES) {
          throw new ApiError(
            'TOO_LARGE',
            `the history has more than ${MOST_LINES} lines`,
            'stream /api/v1/export.ndjson',
          );
        }
      }
      return { v: 1, kind: 'faultline-history', lines };
    },
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/export.ndjson',
    tag: 'transfer',
    summary: 'The whole history, a line of JSON each, as it stood at one moment.',
    role: 'admin',
    input: {},
    handle: async (_, reply) =>
      reply.type('application/x-ndjson').send(
        Readable.from(
          (async function* () {
            for await (const line of exportHistory(pool)) yield `${JSON.stringify(line)}\n`;
          })(),
        ),
      ),
  });

  addRoute(app, tokens, {
    method: 'POST',
    url: '/api/v1/import',
    tag: 'transfer',
    summary: 'Brings an export in: a value as JSON, or NDJSON. All of it or nothing.',
    role: 'admin',
    bodyLimit: IMPORT_BYTES,
    input: {},
    handle: async (_, __, request) => importHistory(pool, linesOf(request.body), now()),
  });

  app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));
}

async function* linesOf(body: unknown): AsyncGenerator<unknown> {
  if (body instanceof Readable) {
    yield* parsedLines(body);
    return;
  }
  const lines =
    typeof body === 'object' && body !== null ? (body as { readonly lines?: unknown }).lines : undefined;
  if (!Array.isArray(lines)) {
    throw new ApiError('INPUT_INVALID', 'the body is no export', 'send what /api/v1/export gave', 'lines');
  }
  yield* lines;
}

/** Lines of a stream; one that is longer than any of an export is refused before it fills the memory. */
async function* parsedLines(body: Readable): AsyncGenerator<unknown> {
  const decoder = new TextDecoder('utf-8');
  let number = 0;
  let rest = '';
  for await (const chunk of body) {
    const pieces = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = pieces.pop() ?? '';
    for (const text of pieces) {
      number += 1;
      if (text.trim() !== '') yield parsed(text, number);
    }
    if (rest.length > LINE_BYTES) throw notJson(number + 1);
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield parsed(rest, number + 1);
}

function parsed(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notJson(number);
  }
}

const notJson = (number: number): ApiError =>
  new ApiError(
    'INPUT_INVALID',
    `line ${number} is no JSON; nothing was imported`,
    'import a whole export',
    'body',
  );
