import type { PoolClient } from 'pg';
import type { Outgoing, SendResult } from '../channels/channel.ts';
import { decideEffect } from '../domain/decide-effect.ts';
import type { IncidentState } from '../domain/incident.ts';
import { targetHash, type Call, type EffectDriver, type EffectResult } from './effect-driver.ts';
import {
  activeSilences,
  beginCall,
  endEffect,
  lockDue,
  lockEffect,
  passGate,
  putIntoMailbox,
  readIncident,
  waitForGate,
  wasTold,
  type EffectRow,
} from './effect-store.postgres.ts';
import { inTransaction } from './in-transaction.ts';
import { takeResult } from './take-result.ts';

/** Time beyond its time-outs that a call has before somebody else may take it over. */
const LEASE_MARGIN_MS = 5_000;

/**
 * Drives one effect, and for a channel that takes several those that are due with it: decide on the state as
 * it is now and commit, call, commit what came of it. Whoever crashes in between leaves a call that is known
 * to be doubtful, and that is taken over when its lease has run out. Gives `shut` where the channel takes
 * nothing for now: a job of the channel follows.
 */
export async function driveEffect(driver: EffectDriver, id: string): Promise<'driven' | 'shut'> {
  const call = await inTransaction(driver.pool, async (client) => decideAndBegin(driver, client, id));
  if (call === 'shut') return 'shut';
  if (call === undefined) return 'driven';
  const result: SendResult = await call.channel.send(call.outgoing);
  driver.failPoints.hit('effect-after-call');
  await inTransaction(driver.pool, async (client) => takeResult(driver, client, call, result));
  return 'driven';
}

async function decideAndBegin(
  driver: EffectDriver,
  client: PoolClient,
  id: string,
): Promise<Call | 'shut' | undefined> {
  const now = driver.now();
  const effect = await lockEffect(client, id);
  if (effect === undefined || !isDue(effect, now)) {
    if (effect?.state === 'planned') await wait(client, effect, effect.notBefore, null, now);
    return undefined;
  }
  const channel = driver.channels[effect.channel];
  if (channel === undefined) {
    const ready = await decide(driver, client, effect, now);
    if (ready !== undefined) await keepInMailbox(driver, client, effect, ready, now);
    return undefined;
  }
  const gate = await passGate(client, channel.name, targetHash(channel), channel.minIntervalMs, now);
  if (gate !== undefined && 'until' in gate) {
    await waitForGate(client, effect, gate.until, now);
    return 'shut';
  }
  const others = channel.batch > 1 ? await lockDue(client, channel.name, id, channel.batch - 1, now) : [];
  const leaseUntil = now + driver.timeoutMs * channel.requests + LEASE_MARGIN_MS;
  const effects: EffectRow[] = [];
  const outgoing: Outgoing[] = [];
  for (const one of [effect, ...others]) {
    const incident = await decide(driver, client, one, now);
    if (incident === undefined) continue;
    const notice = { effectId: one.id, kind: one.kind, incident, at: now, url: driver.pageOf(incident.id) };
    const rendered = one.payload ?? channel.render(notice);
    const payload = await beginCall(client, one, rendered, leaseUntil, now);
    if (one.doubtful)
      driver.metrics.inc('faultline_effects_total', { channel: one.channel, result: 'repeated' });
    effects.push(one);
    outgoing.push({
      effectId: one.id,
      kind: one.kind,
      payload,
      attempt: one.attempts + 1,
      doubtful: one.doubtful,
    });
  }
  if (effects.length === 0) return undefined;
  const call: Call = { channel, outgoing, effects, leaseUntil };
  if (gate === undefined) return call;
  await takeResult(driver, client, call, { kind: 'gone', error: 'the target said before that it is gone' });
  return undefined;
}

/** A planned effect whose time has come, or a call that nobody ended within its lease. */
const isDue = (effect: EffectRow, now: number): boolean =>
  (effect.state === 'planned' && effect.notBefore <= now) ||
  (effect.state === 'sending' && (effect.leaseUntil ?? 0) <= now);

async function wait(
  client: PoolClient,
  effect: EffectRow,
  until: number,
  why: string | null,
  now: number,
): Promise<void> {
  await endEffect(client, effect.id, { state: 'planned', error: why, notBefore: until }, now);
}

/** Decides on an effect; gives its incident where it is to be sent now. */
async function decide(
  driver: EffectDriver,
  client: PoolClient,
  effect: EffectRow,
  now: number,
): Promise<IncidentState | undefined> {
  const incident = await readIncident(client, effect.incidentId);
  const told = await wasTold(client, effect.incidentId, effect.channel);
  const decision = decideEffect(effect, incident, await activeSilences(client, now), told, now);
  const count = (result: EffectResult): void =>
    driver.metrics.inc('faultline_effects_total', { channel: effect.channel, result });
  switch (decision.kind) {
    case 'send':
      return incident;
    case 'skip':
      await endEffect(client, effect.id, { state: 'skipped', error: decision.why }, now);
      count('skipped');
      return undefined;
    case 'wait':
      await wait(client, effect, decision.until, decision.why, now);
      count('delayed');
      return undefined;
  }
}

async function keepInMailbox(
  driver: EffectDriver,
  client: PoolClient,
  effect: EffectRow,
  incident: IncidentState,
  now: number,
): Promise<void> {
  const why =
    effect.channel === 'mailbox' ? 'no other channel could be told' : `${effect.channel} is not configured`;
  const { id, channel, kind } = effect;
  const entry = {
    id,
    incidentId: incident.id,
    channel,
    kind,
    subject: incident.title,
    body: incident.summary,
    why,
  };
  await putIntoMailbox(client, entry, now);
  const result = { reference: id, url: driver.pageOf(incident.id), mailbox: true };
  await endEffect(client, id, { state: 'done', error: null, result, doubtful: false }, now);
  driver.metrics.inc('faultline_effects_total', { channel, result: 'mailbox' });
}
