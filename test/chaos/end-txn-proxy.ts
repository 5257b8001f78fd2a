import { createConnection, createServer, type Socket } from 'node:net';

/** API key of EndTxn in the Kafka protocol. */
const END_TXN = 26;
const SIZE_BYTES = 4;
const CORRELATION_AT = SIZE_BYTES + 4; // in a request, behind api key and api version

/** What happens to the EndTxn requests that pass. */
export type EndTxnFault =
  | { readonly kind: 'none' }
  /** The broker ends the transaction and nobody hears of it. */
  | { readonly kind: 'drop-answer' }
  /** The broker ends it, and the answer comes late. */
  | { readonly kind: 'delay-answer'; readonly ms: number }
  /** The request itself comes late, perhaps after its sender has given up. */
  | { readonly kind: 'delay-request'; readonly ms: number };

/** A proxy before one broker that understands as much of the protocol as EndTxn needs. */
export interface EndTxnProxy {
  readonly port: number;
  /** Applies a fault to the next `times` EndTxn requests. */
  readonly setFault: (fault: EndTxnFault, times: number) => void;
  /** How many EndTxn requests met a fault so far. */
  readonly faulted: () => number;
  /** Breaks all connections and makes none, until `restore`. */
  readonly cut: () => void;
  readonly restore: () => void;
  readonly stop: () => Promise<void>;
}

/** Starts a proxy on `port` before the broker's listener on `target`. */
export async function startEndTxnProxy(port: number, target: number): Promise<EndTxnProxy> {
  const sockets = new Set<Socket>();
  let fault: EndTxnFault = { kind: 'none' };
  let left = 0;
  let faulted = 0;
  let cut = false;

  const nextFault = (): EndTxnFault => {
    if (left <= 0 || fault.kind === 'none') return { kind: 'none' };
    left -= 1;
    faulted += 1;
    return fault;
  };

  const server = createServer((client) => {
    if (cut) {
      client.destroy();
      return;
    }
    const broker = createConnection(target, '127.0.0.1');
    const answers = new Map<number, EndTxnFault>();
    for (const socket of [client, broker]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    // a request that is held must reach the broker though its sender has hung up by then
    let held = 0;
    client.on('close', () => {
      if (held === 0) broker.destroy();
    });
    broker.on('close', () => client.destroy());
    const send = (socket: Socket, frame: Buffer): void => {
      if (!socket.destroyed) socket.write(frame);
    };
    client.on(
      'data',
      framesOf((frame) => {
        const own = frame.readInt16BE(SIZE_BYTES) === END_TXN ? nextFault() : { kind: 'none' as const };
        if (own.kind === 'delay-request') {
          held += 1;
          setTimeout(() => {
            held -= 1;
            send(broker, frame);
            if (client.destroyed) setTimeout(() => broker.destroy(), 2_000);
          }, own.ms);
          return;
        }
        if (own.kind !== 'none') answers.set(frame.readInt32BE(CORRELATION_AT), own);
        send(broker, frame);
      }),
    );
    broker.on(
      'data',
      framesOf((frame) => {
        const correlation = frame.readInt32BE(SIZE_BYTES);
        const own = answers.get(correlation);
        answers.delete(correlation);
        if (own?.kind === 'drop-answer') return;
        if (own?.kind === 'delay-answer') setTimeout(() => send(client, frame), own.ms);
        else send(client, frame);
      }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    setFault: (next, times) => {
      fault = next;
      left = times;
    },
    faulted: () => faulted,
    cut: () => {
      cut = true;
      hangUp();
    },
    restore: () => {
      cut = false;
    },
    stop: async () => {
      hangUp();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Gives whole frames, size included, of what comes in pieces. */
function framesOf(take: (frame: Buffer) => void): (data: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (data) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    while (rest.length >= SIZE_BYTES) {
      const end = SIZE_BYTES + rest.readInt32BE(0);
      if (rest.length < end) return;
      const frame = rest.subarray(0, end);
      rest = rest.subarray(end);
      take(frame);
    }
  };
}
