import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running target. */
export interface FlakyTarget {
  readonly url: string;
  readonly close: () => Promise<void>;
  /** Runs that succeeded, and runs that were told to fail. */
  readonly counts: () => { readonly succeeded: number; readonly failed: number };
}

/** Operations whose runs are remembered, the oldest forgotten first. */
const MAX_OPERATIONS = 50_000;

/**
 * A stand-in for what the replayed operations would run on: `POST /again/ID?failures=N` fails N times and then
 * succeeds, so that retries have something real to resolve. The same idempotency key again changes nothing.
 */
export async function flakyTarget(host: string, port: number): Promise<FlakyTarget> {
  const runs = new Map<string, Set<string>>();
  let succeeded = 0;
  let failed = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://target');
    request.resume();
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method !== 'POST' || !url.pathname.startsWith('/again/')) {
      answer(404, { error: 'POST /again/ID?failures=N' });
      return;
    }
    const failures = Number(url.searchParams.get('failures') ?? 0);
    const keys = runs.get(url.pathname) ?? new Set<string>();
    keys.add(String(request.headers['idempotency-key'] ?? `${keys.size}`));
    runs.set(url.pathname, keys);
    for (const oldest of runs.keys()) {
      if (runs.size <= MAX_OPERATIONS) break;
      runs.delete(oldest);
    }
    if (keys.size <= failures) {
      failed += 1;
      answer(503, { ok: false, run: keys.size, error: 'still failing' });
    } else {
      succeeded += 1;
      answer(200, { ok: true, run: keys.size });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shown}:${address.port}`,
    counts: () => ({ succeeded, failed }),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
