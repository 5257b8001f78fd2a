import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultModes, type Fault, type FaultMode } from './stand-in.ts';
import { standInNames, type StandInName, type StandIns } from './start-stand-ins.ts';

const isName = (name: string): name is StandInName => (standInNames as readonly string[]).includes(name);
const isMode = (mode: unknown): mode is FaultMode => (faultModes as readonly unknown[]).includes(mode);

async function faultIn(request: IncomingMessage): Promise<Fault> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { mode, times, retryAfterS } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<
    string,
    unknown
  >;
  if (!isMode(mode)) throw new Error(`mode: one of ${faultModes.join(', ')}`);
  return {
    mode,
    ...(typeof times === 'number' ? { times } : {}),
    ...(typeof retryAfterS === 'number' ? { retryAfterS } : {}),
  };
}

/**
 * Controls the stand-ins over HTTP, for a harness in another process: `GET /env`; for each NAME
 * `PUT /NAME/fault` with {mode, times, retryAfterS}, `GET /NAME/received` and `GET /NAME/objects` as NDJSON,
 * `DELETE /NAME`; `GET /received` for all.
 */
export async function startControl(
  standIns: StandIns,
  port: number,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [name = '', what = ''] = new URL(request.url ?? '/', 'http://control').pathname.slice(1).split('/');
    const ndjson = (text: string): void => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(text);
    };
    if (request.method === 'GET' && name === 'env') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(standIns.env));
      return;
    }
    if (request.method === 'GET' && name === 'received') {
      ndjson(standInNames.map((each) => standIns.byName[each].journal.dump()).join(''));
      return;
    }
    const standIn = isName(name) ? standIns.byName[name] : undefined;
    if (standIn === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (request.method === 'PUT' && what === 'fault') {
      standIn.journal.setFault(await faultIn(request));
      response.writeHead(204).end();
    } else if (request.method === 'DELETE') {
      standIn.clear();
      response.writeHead(204).end();
    } else if (what === 'received') ndjson(standIn.journal.dump());
    else if (what === 'objects')
      ndjson(
        standIn
          .objects()
          .map((each) => `${JSON.stringify(each)}\n`)
          .join(''),
      );
    else response.writeHead(404).end();
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    stop: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
