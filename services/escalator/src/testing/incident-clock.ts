import { escalate } from '../domain/escalate.ts';
import { act, expire, type IncidentAction } from '../domain/act.ts';
import { attach, type Change, type EscalatedRecord } from '../domain/attach.ts';
import { decideEffect } from '../domain/decide-effect.ts';
import { defaultPolicy } from '../domain/default-policy.ts';
import type { PlannedEffect } from '../domain/effect.ts';
import type { IncidentState, IncidentTransition } from '../domain/incident.ts';
import { planEffects, planTransitionEffects } from '../domain/plan-effects.ts';
import type { EscalationPolicy } from '../domain/policy.ts';
import { settingsOfRoute } from '../domain/route.ts';
import type { Silence } from '../domain/silence.ts';
import type { ErrorRecord } from '@faultline/schemas';

/** One notice that went out. */
export interface Sent {
  readonly at: number;
  readonly channel: string;
  readonly kind: string;
  readonly records: number;
  readonly incidentId: string;
}

/** The ladder and the notifier on a clock of their own: what would have been told, and when. Moves second by second. */
export class IncidentClock {
  readonly sent: Sent[] = [];
  readonly transitions: IncidentTransition[] = [];
  silences: readonly Silence[] = [];
  readonly #policy: EscalationPolicy;
  readonly #actions = new Map<number, (() => void)[]>();
  readonly #incidents = new Map<string, IncidentState>();
  #due: PlannedEffect[] = [];
  #now = 0;
  #next = 0;

  constructor(policy: EscalationPolicy = defaultPolicy) {
    this.#policy = policy;
  }

  /** Escalates a record at a second. */
  push(second: number, record: ErrorRecord): void {
    this.#at(second, () => {
      const escalation = escalate(record, { version: 'baseline', body: this.#policy }, this.#now);
      const escalated: EscalatedRecord = { ...record, escalation };
      const before = this.#incidents.get(escalation.groupKey);
      const timingOf = (): IncidentState['timing'] => settingsOfRoute(this.#policy, escalation.route);
      for (const change of attach(before, [escalated], timingOf, this.#now))
        this.#keep(change.incident, change.transitions);
    });
  }

  /** Acts on the latest incident of a group at a second. */
  act(second: number, groupKey: string, action: IncidentAction): void {
    this.#at(second, () => {
      const incident = this.#incidents.get(groupKey);
      const change = incident && act(incident, action, 'ada', this.#now);
      if (change === undefined) return;
      this.#keep(change.incident, change.transitions);
      const kind = action === 'acknowledge' ? 'acknowledge' : 'resolve';
      this.#due.push(...planTransitionEffects(change.incident, kind, sequenceOf(change), this.#now));
    });
  }

  /** Lets time pass until a second, that one included. */
  run(until: number): void {
    for (; this.#next <= until; this.#next += 1) {
      const second = this.#next;
      this.#now = second * 1_000;
      for (const action of this.#actions.get(second) ?? []) action();
      for (const incident of this.#incidents.values()) this.#tick(incident);
      this.#deliver();
    }
  }

  /** The latest incident of a group. */
  incident(groupKey: string): IncidentState | undefined {
    return this.#incidents.get(groupKey);
  }

  #at(second: number, action: () => void): void {
    this.#actions.set(second, [...(this.#actions.get(second) ?? []), action]);
  }

  #keep(incident: IncidentState, transitions: readonly IncidentTransition[]): void {
    this.#incidents.set(incident.groupKey, incident);
    this.transitions.push(...transitions);
  }

  #tick(incident: IncidentState): void {
    const flush = planEffects(incident, this.#now);
    this.#due.push(...flush.effects);
    this.#keep(flush.incident, []);
    const change = expire(flush.incident, this.#now);
    if (change === undefined) return;
    this.#keep(change.incident, change.transitions);
    this.#due.push(...planTransitionEffects(change.incident, 'expire', sequenceOf(change), this.#now));
  }

  #deliver(): void {
    const due = this.#due;
    this.#due = [];
    for (const effect of due) {
      const incident = [...this.#incidents.values()].find(({ id }) => id === effect.incidentId);
      if (incident === undefined || effect.notBefore > this.#now) {
        if (incident !== undefined) this.#due.push(effect);
        continue;
      }
      const told = this.sent.some(
        (sent) => sent.incidentId === incident.id && sent.channel === effect.channel,
      );
      const decision = decideEffect(effect, incident, this.silences, told, this.#now);
      if (decision.kind === 'wait') this.#due.push({ ...effect, notBefore: decision.until });
      if (decision.kind !== 'send') continue;
      const { channel, kind } = effect;
      this.sent.push({
        at: this.#now / 1_000,
        channel,
        kind,
        records: incident.records,
        incidentId: incident.id,
      });
    }
  }
}

const sequenceOf = ({ transitions }: Change): number => transitions[0]?.sequence ?? 0;
