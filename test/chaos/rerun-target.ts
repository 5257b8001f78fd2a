import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What a target does: `ok` works at once, `fail-N` fails N times and then works, `always` always fails, `slow`
 * works after some seconds, `drop` works and hangs up before the answer, `mute` does nothing and never answers.
 */
export type TargetMode = 'ok' | `fail-${number}` | 'always' | 'slow' | 'drop' | 'mute';

/** One call as the target saw it. */
export interface TargetCall {
  readonly at: number;
  readonly key: string;
  /** Id of the event, out of the path. */
  readonly id: string;
  readonly mode: string;
  readonly idempotent: boolean;
  /** Whether the operation was carried out by this call; a known key is not carried out again. */
  acted: boolean;
  /** Status that was answered; null where nobody heard one. */
  status: number | null;
}

/** A target of reruns over HTTP, with a memory. */
export interface RerunTarget {
  /** Address of an operation; each event has a host of its own, so that breakers know them apart. */
  readonly url: (mode: TargetMode, id: string, idempotent: boolean) => string;
  readonly calls: readonly TargetCall[];
  /** Every call fails for so long, as in an outage. */
  readonly outage: (ms: number) => void;
  readonly stop: () => Promise<void>;
}

const SLOW_MS = 6_000;
const DONE = 200;
const UNAVAILABLE = 503;

/** Starts the target; it answers on every loopback address. */
export async function startRerunTarget(port: number): Promise<RerunTarget> {
  const calls: TargetCall[] = [];
  const carriedOut = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  let outageUntil = 0;
  let hosts = 0;

  const later = (ms: number, run: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const [, , kind, mode = '', id = ''] = (request.url ?? '').split('/');
    const key = String(request.headers['idempotency-key']);
    const before = calls.filter((call) => call.id === id && call.status !== null).length;
    const idempotent = kind === 'idempotent';
    const call: TargetCall = { at: Date.now(), key, id, mode, idempotent, acted: false, status: null };
    calls.push(call);
    const answer = (status: number): void => {
      if (response.destroyed) return;
      call.status = status;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    };
    const act = (): void => {
      if (idempotent && carriedOut.has(key)) return;
      carriedOut.add(key);
      call.acted = true;
    };
    if (Date.now() < outageUntil) {
      answer(UNAVAILABLE);
    } else if (mode === 'mute') {
      later(60_000, () => response.destroy());
    } else if (mode === 'slow') {
      act();
      later(SLOW_MS, () => answer(DONE));
    } else if (mode === 'drop') {
      act();
      response.destroy();
    } else if (mode === 'always' || (mode.startsWith('fail-') && before < Number(mode.slice(5)))) {
      answer(UNAVAILABLE);
    } else {
      act();
      answer(DONE);
    }
  };

  const server = createServer((request, response) => {
    if (request.socket.remoteAddress?.includes('127.') !== true) {
      request.socket.destroy();
      return;
    }
    request.resume().on('end', () => handle(request, response));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '0.0.0.0', resolve); // 127.0.0.2 and on are addresses of their own
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: (mode, id, idempotent) => {
      hosts = (hosts + 1) % 60_000;
      const host = `127.1.${Math.floor(hosts / 250)}.${(hosts % 250) + 1}`;
      return `http://${host}:${bound}/operation/${idempotent ? 'idempotent' : 'once'}/${mode}/${id}`;
    },
    calls,
    outage: (ms) => {
      outageUntil = Date.now() + ms;
    },
    stop: async () => {
      timers.forEach((timer) => clearTimeout(timer));
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
