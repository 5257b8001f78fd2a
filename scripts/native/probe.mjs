import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';

/**
 * Asks a broker for its view of the cluster (Metadata v1 without topics), over a fresh connection.
 * A broker lists itself once it has joined, so this says more than an open port.
 *
 * @param {string} host
 * @param {number} port
 * @param {number} [timeoutMs]
 * @returns {Promise<{ controllerId: number, brokers: { id: number, host: string, port: number }[] }>}
 */
export async function probeKafka(host, port, timeoutMs = 2_000) {
  const clientId = Buffer.from('faultline-probe');
  const body = Buffer.alloc(10 + clientId.length + 4);
  body.writeInt16BE(3, 0); // api key: Metadata
  body.writeInt16BE(1, 2); // version
  body.writeInt32BE(1, 4); // correlation id
  body.writeInt16BE(clientId.length, 8);
  clientId.copy(body, 10);
  body.writeInt32BE(0, 10 + clientId.length); // no topics
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);

  const answer = await exchange(host, port, Buffer.concat([size, body]), timeoutMs, (bytes) => {
    return bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0);
  });
  let at = 8; // size, correlation id
  const readString = () => {
    const length = answer.readInt16BE(at);
    at += 2;
    if (length < 0) return '';
    at += length;
    return answer.toString('utf8', at - length, at);
  };
  const count = answer.readInt32BE(at);
  at += 4;
  const brokers = [];
  for (let i = 0; i < count; i += 1) {
    const id = answer.readInt32BE(at);
    at += 4;
    const brokerHost = readString();
    const brokerPort = answer.readInt32BE(at);
    at += 4;
    readString(); // rack
    brokers.push({ id, host: brokerHost, port: brokerPort });
  }
  return { controllerId: answer.readInt32BE(at), brokers };
}

/**
 * Opens a Postgres session as far as the server's first answer: it accepts connections when it asks
 * for authentication; while it starts or recovers it answers an error of class 57.
 *
 * @param {string} host
 * @param {number} port
 * @param {number} [timeoutMs]
 */
export async function probePostgres(host, port, timeoutMs = 2_000) {
  const parameters = Buffer.from('user\0faultline\0database\0postgres\0\0');
  const message = Buffer.alloc(8 + parameters.length);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(196_608, 4); // protocol 3.0
  parameters.copy(message, 8);
  const answer = await exchange(host, port, message, timeoutMs, (bytes) => bytes.length >= 5);
  const kind = String.fromCharCode(answer[0] ?? 0);
  if (kind === 'R') return;
  const text = answer.toString('utf8', 5).split('\0');
  if (kind === 'E' && !text.some((field) => field.startsWith('C57') || field.startsWith('C53'))) return;
  throw new Error(
    kind === 'E'
      ? `not ready: ${text.find((field) => field.startsWith('M'))?.slice(1)}`
      : 'does not speak the Postgres protocol',
  );
}

/**
 * @param {string} host
 * @param {number} port
 * @param {Buffer} request
 * @param {number} timeoutMs
 * @param {(bytes: Buffer) => boolean} complete
 * @returns {Promise<Buffer>}
 */
function exchange(host, port, request, timeoutMs, complete) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port });
    /** @type {Buffer} */
    let received = Buffer.alloc(0);
    const finish = (/** @type {Error | undefined} */ error) => {
      clearTimeout(timer);
      socket.destroy();
      if (error) reject(error);
      else resolve(received);
    };
    const timer = setTimeout(
      () => finish(new Error(`no answer from ${host}:${port} within ${timeoutMs} ms`)),
      timeoutMs,
    );
    socket.once('connect', () => socket.write(request));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (complete(received)) finish(undefined);
    });
    socket.once('error', finish);
    socket.once('close', () => finish(new Error(`${host}:${port} closed the connection`)));
  });
}

/**
 * A GET that must answer 2xx; the body as text.
 *
 * @param {string} url
 * @param {number} [timeoutMs]
 */
export async function probeHttp(url, timeoutMs = 2_000) {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return text;
}

/**
 * Probes until one succeeds. Fails when the process behind it ends or the time is over, naming the
 * log file and the remedy.
 *
 * @template T
 * @param {{
 *   name: string, probe: () => Promise<T>, timeoutMs: number, logFile?: string, remedy?: string,
 *   process?: { exited: () => boolean }, signal?: AbortSignal,
 * }} options
 * @returns {Promise<T>}
 */
export async function untilReady(options) {
  const { name, probe, timeoutMs } = options;
  const details = {
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
    ...(options.remedy === undefined ? {} : { remedy: options.remedy }),
  };
  const deadline = performance.now() + timeoutMs;
  let last;
  for (;;) {
    options.signal?.throwIfAborted();
    if (options.process?.exited()) throw new Failure(`${name} ended before it was ready`, details);
    try {
      return await probe();
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      const why = last instanceof Error ? last.message : String(last);
      throw new Failure(`${name} was not ready within ${Math.round(timeoutMs / 1000)} s: ${why}`, {
        ...details,
        cause: last,
      });
    }
    await sleep(50);
  }
}
