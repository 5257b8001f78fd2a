import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
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
export async function startLocalServers(certificates: Certificates): Promise<() => Promise<void>> {
  const read = (name: string): Buffer => readFileSync(`${certificates.folder}/${name}`);
  const tls = (name: string, more: object = {}): Server =>
    createHttpsServer({ cert: read(`${name}.pem`), key: read(`${name}.key`), ...more }, answer);
  const servers = await Promise.all([
    listen(createHttpServer(answer), ports.http),
    listen(tls('self'), ports.selfSigned),
    listen(tls('expired'), ports.expired),
    listen(tls('other'), ports.wrongHost),
    listen(tls('good'), ports.privateCa),
    listen(
      tls('good', { requestCert: true, rejectUnauthorized: true, ca: read('ca.pem') }),
      ports.clientCert,
    ),
    listen(
      raw((socket) => socket.once('data', () => socket.resetAndDestroy())),
      ports.reset,
    ),
    listen(
      raw((socket) => socket.resume()),
      ports.silent,
    ),
    listen(
      raw((socket) => socket.once('data', () => socket.end())),
      ports.empty,
    ),
    listen(
      raw((socket) => socket.once('data', () => socket.end())),
      ports.handshakeEnd,
    ),
    listen(
      raw((socket) =>
        socket.once('data', () => {
          socket.end(
            'HTTP/1.1 200 OK\r\nContent-Length: 20000\r\nContent-Type: application/octet-stream\r\n\r\nfirst bytes',
          );
        }),
      ),
      ports.truncated,
    ),
  ]);
  return async () => {
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => {
              resolve();
            });
            if ('closeAllConnections' in server)
              (server as ReturnType<typeof createHttpServer>).closeAllConnections();
            server.unref();
            resolve();
          }),
      ),
    );
  };
}
