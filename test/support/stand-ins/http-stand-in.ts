import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Journal, type Fault, type StandIn } from './stand-in.ts';

/** A request, read whole. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the vendor would answer, and what it would note. */
export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly id: string | null;
  readonly operation: string;
  readonly problems: readonly string[];
  /** What was sent, decoded, for the journal. */
  readonly sent: unknown;
}

/** What a stand-in over HTTP consists of. */
export interface HttpVendor {
  readonly name: string;
  /** Path that the product is given behind the origin. */
  readonly path: string;
  readonly answer: (asked: Asked) => Promise<Answered>;
  readonly objects: () => readonly unknown[];
  readonly clear: () => void;
  /** How this vendor says that there were too many requests; 429 where absent. */
  readonly rateLimited?: (fault: Fault) => Pick<Answered, 'status' | 'headers' | 'body'>;
  /** How this vendor refuses for good; 403 where absent. */
  readonly refused?: () => Pick<Answered, 'status' | 'body'>;
}

const json = { 'content-type': 'application/json' };
const tooMany = (fault: Fault): Pick<Answered, 'status' | 'headers' | 'body'> => ({
  status: 429,
  headers: { 'retry-after': String(fault.retryAfterS ?? 1) },
  body: 'too many requests',
});

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Starts a stand-in on a port; 0 takes a free one. */
export async function startHttpStandIn(vendor: HttpVendor, port: number): Promise<StandIn> {
  const journal = new Journal(vendor.name);
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const body = await read(request);
    const asked: Asked = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
    };
    const fault = journal.nextFault();
    const undone = (status: number, headers: Readonly<Record<string, string>>, text: string): void => {
      const operation = `${asked.method} ${asked.path}`;
      journal.note({
        id: null,
        operation,
        fault: fault.mode,
        status,
        problems: [],
        body: body.toString('utf8'),
      });
      if (status !== 0) response.writeHead(status, headers).end(text);
    };
    switch (fault.mode) {
      case 'time-out':
        undone(0, {}, '');
        return;
      case 'server-error':
        undone(500, {}, 'internal error');
        return;
      case 'refuse': {
        const { status, body: text } = vendor.refused?.() ?? { status: 403, body: 'forbidden' };
        undone(status, json, text);
        return;
      }
      case 'rate-limit': {
        const { status, headers = {}, body: text } = (vendor.rateLimited ?? tooMany)(fault);
        undone(status, headers, text);
        return;
      }
      case 'none':
      case 'drop-answer':
      case 'bad-gateway':
        break;
    }
    const { sent, body: text, headers = json, ...answered } = await vendor.answer(asked);
    const status = fault.mode === 'bad-gateway' ? 502 : fault.mode === 'drop-answer' ? 0 : answered.status;
    const { id, operation, problems } = answered;
    journal.note({ id, operation, problems, fault: fault.mode, status, body: sent });
    if (fault.mode === 'drop-answer') response.destroy();
    else response.writeHead(status, headers).end(fault.mode === 'bad-gateway' ? 'bad gateway' : text);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      journal.note({
        id: null,
        operation: 'broken',
        fault: 'none',
        status: 500,
        problems: [String(error)],
        body: null,
      });
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    name: vendor.name,
    url: `http://127.0.0.1:${bound}${vendor.path}`,
    journal,
    objects: vendor.objects,
    clear: () => {
      journal.clear();
      vendor.clear();
    },
    stop: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A JSON body, or what is wrong with it. */
export function parseJson(body: Buffer): { readonly value: unknown; readonly problem: string | null } {
  try {
    return { value: JSON.parse(body.toString('utf8')), problem: null };
  } catch (error) {
    return { value: body.toString('utf8'), problem: `body is no JSON: ${String(error)}` };
  }
}

/** Fields of a JSON object; none where it is something else. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
