import type { EffectKind } from '../domain/effect.ts';
import type { IncidentState } from '../domain/incident.ts';
import type { ChannelName } from '../domain/policy.ts';

/** What a notice is made of: the incident as it is right before the first call. */
export interface Notice {
  readonly effectId: string;
  readonly kind: EffectKind;
  readonly incident: IncidentState;
  /** When it was rendered. */
  readonly at: number;
  /** Page of the incident, where one is configured. */
  readonly url: string | null;
}

/** One notice to be sent, as it was rendered before the first call. */
export interface Outgoing {
  readonly effectId: string;
  readonly kind: EffectKind;
  readonly payload: unknown;
  /** Calls so far, this one included. */
  readonly attempt: number;
  /** Whether an earlier call may have got through. */
  readonly doubtful: boolean;
}

/** What the other side calls the thing that the notice made. */
export interface Reference {
  readonly reference: string | null;
  readonly url: string | null;
}

/**
 * What a call came to. `retry`: it may succeed later; `doubtful` says that it may have got through.
 * `refused`: it never will, so the next channel is told. `gone`: neither will any other to this address.
 */
export type SendResult =
  | { readonly kind: 'done'; readonly references: Readonly<Record<string, Reference>> }
  | {
      readonly kind: 'retry';
      readonly error: string;
      readonly retryAfterMs: number | null;
      readonly doubtful: boolean;
    }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'gone'; readonly error: string };

/** How something that runs long does. A status that nobody knows is one that still runs. */
export interface RunSeen {
  readonly kind: 'running' | 'complete' | 'failed';
  readonly status: string;
  /** What it made, else where it can be watched. */
  readonly url: string | null;
}

/** A way to tell somebody, behind a port: the system behind it can be another one. */
export interface Channel {
  readonly name: Exclude<ChannelName, 'mailbox'>;
  /** Where it goes, as text that holds no secret. */
  readonly target: string;
  /** Notices that one call can carry. */
  readonly batch: number;
  /** Requests that one call takes at most, each within the time-out: how long it may be under way. */
  readonly requests: number;
  /** Least time between two calls. */
  readonly minIntervalMs: number;
  /** What is sent, as JSON; kept, so that a repeated call says the same. Pure. */
  readonly render: (notice: Notice) => unknown;
  /** Sends. Never rejects, and ends within the time-out that it was built with. */
  readonly send: (outgoing: readonly Outgoing[]) => Promise<SendResult>;
  /** Looks at what a call started, where it runs long. Never rejects: what cannot be seen still runs. */
  readonly poll?: (reference: string) => Promise<RunSeen>;
}

/** Channels that are configured. */
export type Channels = Readonly<Partial<Record<ChannelName, Channel>>>;

/** References of all notices of a call that made one thing. */
export const doneWith = (outgoing: readonly Outgoing[], reference: Reference): SendResult => ({
  kind: 'done',
  references: Object.fromEntries(outgoing.map(({ effectId }) => [effectId, reference])),
});
