import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, Server as HttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { ports } from '../ports.ts';
import type { Certificates } from './certificates.ts';
import { replyTo } from './http-routes.ts';

const answer: RequestListener = (request, response) => {
  request.resume();
  request.on('end', () => {
    const reply = replyTo(request.url ?? '/', request.method ?? 'GET');
    response.writeHead(reply.status, reply.headers);
    response.end(reply.body);
  });
};

const listen = async (server: Server, port: number): Promise<Server> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve();
    });
  });
  return server;
};

const raw = (onConnection: Parameters<typeof createServer>[1]): Server =>
  createServer({}, (socket) => {
    socket.on('error', () => undefined);
    onConnection?.(socket);
  });

/** Starts the servers that well-behaved and misbehaving hosts are played by; the value stops them. */
export async function startLocalServers(certificates: Certificates): Promise<() => void> {
  const read = (name: string): Buffer => readFileSync(`${certificates.folder}/${name}`);
  const tls = (name: string, more: object = {}): Server =>
    createHttpsServer({ cert: read(`${name}.pem`), key: read(`${name}.key`), ...more }, answer);
  const tooShort =
    'HTTP/1.1 200 OK\r\nContent-Length: 20000\r\nContent-Type: application/octet-stream\r\n\r\nfirst bytes';
  const wanted: readonly (readonly [number, Server])[] = [
    [ports.http, createHttpServer(answer)],
    [ports.selfSigned, tls('self')],
    [ports.expired, tls('expired')],
    [ports.wrongHost, tls('other')],
    [ports.privateCa, tls('good')],
    [ports.clientCert, tls('good', { requestCert: true, rejectUnauthorized: true, ca: read('ca.pem') })],
    [ports.reset, raw((socket) => socket.once('data', () => socket.resetAndDestroy()))],
    [ports.silent, raw((socket) => socket.resume())],
    [ports.empty, raw((socket) => socket.once('data', () => socket.end()))],
    [ports.handshakeEnd, raw((socket) => socket.once('data', () => socket.end()))],
    [ports.truncated, raw((socket) => socket.once('data', () => socket.end(tooShort)))],
  ];
  const listening: Server[] = [];
  const stop = (): void => {
    for (const server of listening) {
      server.close();
      if (server instanceof HttpServer || server instanceof HttpsServer) server.closeAllConnections();
      // A client that never hangs up must not keep the run from ending.
      server.unref();
    }
  };
  try {
    for (const [port, server] of wanted) listening.push(await listen(server, port));
  } catch (error) {
    stop();
    throw error;
  }
  return stop;
}
