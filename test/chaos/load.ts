import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { spawn, type ChildProcess } from 'node:child_process';
import type { Codecs } from '@faultline/platform';
import type { ErrorEvent } from '@faultline/schemas';
import { conflicting, loadEvent } from './load-events.ts';
import { poisonOf } from './poison.ts';
import type { RerunTarget } from './rerun-target.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What the load is made with. */
export interface LoadOptions {
  readonly python: string;
  readonly brokers: string;
  readonly dir: string;
  readonly random: SeededRandom;
  readonly target: RerunTarget;
  readonly codecs: Codecs;
  readonly topicId: string;
  readonly partitions: number;
  readonly foreignSchemaId: number;
  readonly recordsPerSecond: number;
  readonly durationMs: number;
}

/** A load under way. */
export interface Load {
  /** Stops making records and resolves when each was answered, with how many were acknowledged. */
  readonly finish: () => Promise<{ readonly acked: number; readonly unanswered: number }>;
  readonly kill: () => void;
}

interface Sent {
  readonly value: Buffer | null;
  /** `line`, or the reason that it is expected to be dead-lettered for. */
  readonly expect: string;
  readonly id: string | null;
  readonly partition: number;
}

const TICK_MS = 100;
/** Of the last so many events one may come again. */
const REMEMBERED = 400;

/**
 * Sends events to errors.raw through librdkafka with acks=all, from outside the line, and writes down what was
 * acknowledged (acked.ndjson) and what nobody answered for (unanswered.ndjson).
 */
export function startLoad(options: LoadOptions): Load {
  const { random, dir, partitions } = options;
  const child = spawn(options.python, [new URL('./produce.py', import.meta.url).pathname, options.brokers], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const acked = createWriteStream(path.join(dir, 'acked.ndjson'));
  const unanswered = createWriteStream(path.join(dir, 'unanswered.ndjson'));
  const waiting = new Map<number, Sent>();
  const counts = { acked: 0, unanswered: 0 };
  const recent: ErrorEvent[] = [];
  const began = Date.now();
  let number = 0;

  const answers = createInterface({ input: child.stdout }).on('line', (line) => {
    const { n, partition, offset, error } = JSON.parse(line) as {
      readonly n: number;
      readonly partition?: number;
      readonly offset?: number;
      readonly error?: string;
    };
    const sent = waiting.get(n);
    if (sent === undefined) return;
    waiting.delete(n);
    const told = { id: sent.id, hash: hashOf(sent.value), expect: sent.expect };
    if (error === undefined) {
      counts.acked += 1;
      acked.write(`${JSON.stringify({ topicId: options.topicId, partition, offset, ...told })}\n`);
    } else {
      counts.unanswered += 1;
      unanswered.write(`${JSON.stringify({ partition: sent.partition, error, ...told })}\n`);
    }
  });

  const send = (
    sent: Sent,
    key: string | null,
    headers: readonly (readonly [string, string | null])[],
  ): void => {
    waiting.set(number, sent);
    const base64 = (data: Buffer | string | null): string | null =>
      data === null ? null : Buffer.from(data).toString('base64');
    const record = {
      n: number,
      topic: 'errors.raw',
      partition: sent.partition,
      key: base64(key),
      value: base64(sent.value),
      headers: headers.map(([name, value]) => [name, base64(value)]),
    };
    number += 1;
    child.stdin.write(`${JSON.stringify(record)}\n`);
  };

  const sendEvent = (event: ErrorEvent): void => {
    const value = options.codecs.encode('errors.raw', event);
    const partition = random.whole(0, partitions - 1);
    send({ value, expect: 'line', id: event.id, partition }, event.operation, [['origin', 'chaos']]);
  };

  const one = (): void => {
    const leftMs = began + options.durationMs - Date.now();
    const maker = { random, target: options.target, now: Date.now(), leftMs };
    const kind = random.weighted([
      [72, 'new'],
      [8, 'again'],
      [5, 'conflict'],
      [3, 'burst'],
      [10, 'poison'],
      [2, 'invalid'],
    ] as const);
    const old = recent.length === 0 ? undefined : random.pick(recent);
    const fresh = loadEvent(maker, number);
    if (kind === 'poison') {
      const { value, reason } = poisonOf(
        random,
        options.codecs.encode('errors.raw', fresh),
        options.foreignSchemaId,
      );
      const key = random.next() < 0.3 ? null : fresh.id;
      const partition = random.whole(0, partitions - 1);
      send({ value, expect: reason, id: null, partition }, key, [
        ['content-type', 'avro/binary'],
        ['bytes', '\u0000\u0001ÿ'],
      ]);
    } else if (kind === 'invalid') {
      const value = options.codecs.encode('errors.raw', { ...fresh, message: ' ' });
      const partition = random.whole(0, partitions - 1);
      send({ value, expect: 'invalid-event', id: fresh.id, partition }, fresh.operation, []);
    } else if (kind === 'again' && old !== undefined) {
      sendEvent(old);
    } else if (kind === 'conflict' && old !== undefined) {
      sendEvent(conflicting(old, number));
    } else {
      recent.push(fresh);
      if (recent.length > REMEMBERED) recent.shift();
      const copies = kind === 'burst' ? random.whole(3, 6) : 1;
      for (let copy = 0; copy < copies; copy += 1) sendEvent(fresh);
    }
  };

  let owed = 0;
  const timer = setInterval(() => {
    if (waiting.size > 2_000) return; // the brokers are away: what cannot be sent is not made
    owed += (options.recordsPerSecond * TICK_MS) / 1_000;
    for (; owed >= 1; owed -= 1) one();
  }, TICK_MS);

  return {
    finish: async () => {
      clearInterval(timer);
      child.stdin.end();
      await ended(child);
      await new Promise<void>((resolve) => setImmediate(resolve));
      answers.close();
      for (const sent of waiting.values()) {
        counts.unanswered += 1;
        const told = { id: sent.id, hash: hashOf(sent.value), expect: sent.expect };
        unanswered.write(`${JSON.stringify({ partition: sent.partition, error: 'no answer', ...told })}\n`);
      }
      await Promise.all([closed(acked), closed(unanswered)]);
      return counts;
    },
    kill: () => {
      clearInterval(timer);
      child.kill('SIGKILL');
    },
  };
}

const hashOf = (value: Buffer | null): string =>
  createHash('sha256')
    .update(value ?? Buffer.alloc(0))
    .digest('hex');

const ended = async (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    else child.once('close', () => resolve());
  });

const closed = async (stream: WriteStream): Promise<void> => new Promise((resolve) => stream.end(resolve));
