import { pino } from 'pino';
import type { Pool } from 'pg';
import { RecordCodec, type ErrorRecord, type Incident } from '@faultline/schemas';
import { Metrics, Health, type FailPoints, type ServiceContext } from '@faultline/platform';
import type { Channel, Channels, Outgoing, SendResult } from '../channels/channel.ts';
import { escalate } from '../domain/escalate.ts';
import { defaultPolicy } from '../domain/default-policy.ts';
import type { EscalationPolicy } from '../domain/policy.ts';
import { driveEffect } from '../effects/drive-effect.ts';
import type { EffectDriver } from '../effects/effect-driver.ts';
import { inTransaction } from '../effects/in-transaction.ts';
import { tickIncident } from '../effects/tick-incident.ts';
import { notifierSpec } from '../notifier/notifier-inbox.ts';
import { enqueueOutbox } from '@faultline/platform';

const codec = new RecordCodec('Incident', async () => undefined);
const SCHEMA_ID = 1;

/** A channel that notes what it is sent, and answers what it is told to. */
export interface FakeChannel extends Channel {
  /** Each call, with its notices. */
  readonly calls: (readonly Outgoing[])[];
  /** What the other side has, by the id that it knows. */
  readonly objects: Map<string, unknown>;
  /** Answers of the next calls, first one first; done where there is none. */
  readonly answers: SendResult[];
}

/** Makes one. What takes our id keeps one object for each; what does not keeps one for each call. */
export function fakeChannel(name: Channel['name'], part: Partial<Channel> = {}): FakeChannel {
  const calls: (readonly Outgoing[])[] = [];
  const objects = new Map<string, unknown>();
  const answers: SendResult[] = [];
  const takesIds = name !== 'slack' && name !== 'email';
  return {
    name,
    target: `https://${name}.example`,
    batch: 1,
    requests: 1,
    minIntervalMs: 0,
    render: ({ kind, incident }) => ({ kind, records: incident.records, title: incident.title }),
    ...part,
    calls,
    objects,
    answers,
    send: async (outgoing) => {
      calls.push(outgoing);
      const answer = answers.shift();
      if (answer !== undefined && !(answer.kind === 'retry' && answer.doubtful)) return answer;
      for (const { effectId, payload } of outgoing) {
        objects.set(takesIds ? effectId : `${effectId}#${objects.size}`, payload);
      }
      const reference = { reference: `${name}-1`, url: null };
      return (
        answer ?? {
          kind: 'done',
          references: Object.fromEntries(outgoing.map(({ effectId }) => [effectId, reference])),
        }
      );
    },
  };
}

/** Notifier and effects over a real database, on a clock that stands until it is moved. */
export class EscalatorBench {
  now = Date.UTC(2026, 0, 1);
  readonly metrics = new Metrics();
  readonly context: ServiceContext;
  /** Throws in place of crashing, where set. */
  crashAfterCall = false;
  readonly pool: Pool;
  readonly #channels: Channels;
  readonly #policy: EscalationPolicy;

  constructor(pool: Pool, channels: Channels = {}, policy: EscalationPolicy = defaultPolicy) {
    this.pool = pool;
    this.#channels = channels;
    this.#policy = policy;
    this.context = {
      service: 'escalator',
      config: {},
      log: pino({ level: 'silent' }),
      metrics: this.metrics,
      pool,
      health: new Health(),
      codecs: { encode: (_topic: string, record: Incident) => codec.encode(record, SCHEMA_ID) },
      fatal: (error: unknown) => {
        throw error;
      },
    } as unknown as ServiceContext;
  }

  get driver(): EffectDriver {
    const failPoints: FailPoints = {
      hit: () => {
        if (this.crashAfterCall) throw new Error('crashed');
      },
    };
    return {
      pool: this.pool,
      channels: this.#channels,
      log: this.context.log,
      metrics: this.metrics,
      failPoints,
      now: () => this.now,
      random: () => 1,
      timeoutMs: 1_000,
      pageOf: () => null,
    };
  }

  /** A record behind the stage. */
  escalated(record: ErrorRecord): ErrorRecord {
    return { ...record, escalation: escalate(record, { version: 'baseline', body: this.#policy }, this.now) };
  }

  /** Hands records to the notifier, in one transaction. */
  async deliver(records: readonly ErrorRecord[]): Promise<void> {
    const policies = async (): Promise<EscalationPolicy> => this.#policy;
    const spec = notifierSpec({ now: () => this.now, policies });
    const inbox = records.map((value, offset) => ({
      topic: 'errors.escalated' as const,
      partition: 0,
      offset,
      timestamp: this.now,
      key: null,
      value: value.escalation === null ? this.escalated(value) : value,
    }));
    await inTransaction(this.pool, async (client) => spec.handle(client, inbox, this.context));
  }

  /** Moves the clock, then does what is due: incidents, then effects, until nothing is. */
  async advance(ms: number): Promise<void> {
    this.now += ms;
    const incidents = await this.pool.query<{ id: string }>(
      `SELECT id FROM incidents WHERE least(flush_at, deadline) <= $1 AND status IN ('open', 'acknowledged')
       UNION SELECT incident_id FROM incident_transitions WHERE NOT published`,
      [this.now],
    );
    for (const { id } of incidents.rows) await this.tick(id);
    await this.drive();
  }

  /** Brings one incident up to now. */
  async tick(id: string): Promise<void> {
    await tickIncident(this.pool, { context: this.context, enqueue: enqueueOutbox }, id, this.now);
  }

  /** Drives the effects that are due, each once. */
  async drive(): Promise<void> {
    const { rows } = await this.pool.query<{ id: string }>(
      `SELECT id FROM effects WHERE (state = 'planned' AND not_before <= $1)
         OR (state = 'sending' AND lease_until <= $1) ORDER BY created_at, id`,
      [this.now],
    );
    for (const { id } of rows) await driveEffect(this.driver, id);
  }

  /** Counts of faultline_effects_total that are not 0. */
  async counted(): Promise<Readonly<Record<string, number>>> {
    const text = await this.metrics.text();
    return Object.fromEntries(
      [...text.matchAll(/^faultline_effects_total\{channel="(\w+)",result="(\w+)"\} ([1-9]\d*)$/gm)].map(
        ([, channel, result, n]) => [`${channel} ${result}`, Number(n)],
      ),
    );
  }

  /** Rows of a query. */
  async rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.pool.query<Row>(text, [...values])).rows;
  }
}
