import { defaultPolicy } from './domain/default-policy.ts';
import { escalate, isAutomated, type Decision } from './domain/escalate.ts';
import { recordFrom } from './domain/record-from.ts';
import { stableUuid } from './domain/stable-uuid.ts';
import type { ChannelName, EscalationPolicy } from './domain/policy.ts';

/** What the manager asks of a Linear client; `LinearClient` of @linear/sdk is one. */
export interface TicketClient {
  createIssue(input: {
    id: string;
    teamId: string;
    title: string;
    description: string;
    priority: number;
  }): Promise<unknown>;
}

/** What the manager asks of a client of an agent service. */
export interface AgentClient {
  run(request: { prompt: string; metadata: Readonly<Record<string, string>> }): Promise<unknown>;
}

/** Options of {@link EscalationManager}. */
export interface EscalationManagerOptions {
  /** Whether tickets are made and agents started; where false, the decision alone is returned. Default true. */
  readonly enableAutoEscalation?: boolean;
  /** Client of the agent service; without one the hand-off goes to the mailbox. */
  readonly codegenClient?: Partial<AgentClient> | null | undefined;
  /** Client of Linear; without one the ticket goes to the mailbox. */
  readonly linearClient?: Partial<TicketClient> | null | undefined;
  /** Team of the tickets. */
  readonly linearTeamId?: string;
  readonly policy?: EscalationPolicy;
  /** Time that one call may take, in milliseconds. */
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/** What lies in the mailbox of this process: what could not be told anywhere else. */
export interface MailboxEntry {
  readonly id: string;
  readonly channel: ChannelName;
  readonly at: number;
  readonly incidentId: string;
  readonly subject: string;
  readonly body: string;
  /** Why it is here. */
  readonly why: string;
}

/** How one channel was told. */
export interface Notice {
  readonly channel: ChannelName;
  readonly state: 'sent' | 'mailbox' | 'already-told';
  readonly reference: string | null;
  readonly url: string | null;
}

/** What became of an error. */
export interface EscalationResult extends Decision {
  readonly incidentId: string;
  /** Whether it goes to an agent or a person; where false, `level` says what the caller should try again. */
  readonly escalated: boolean;
  readonly notices: readonly Notice[];
}

const POLICY_VERSION = 'baseline';
const DEFAULT_TIMEOUT_MS = 15_000;

/**
 * Decides which level of the ladder an error belongs on, by the same pure functions as the stage, and tells
 * agents and people. Usable alone, in process: what has no client goes to {@link EscalationManager.mailbox}.
 * Errors of one group are one ticket for as long as the manager lives.
 */
export class EscalationManager {
  readonly #options: EscalationManagerOptions;
  readonly #mailbox: MailboxEntry[] = [];
  readonly #told = new Map<string, Promise<Notice>>();

  constructor(options: EscalationManagerOptions = {}) {
    this.#options = options;
  }

  /** What could not be told anywhere else, oldest first. */
  get mailbox(): readonly MailboxEntry[] {
    return this.#mailbox;
  }

  /**
   * Decides on an error and, where `enableAutoEscalation` is not false, tells the channels of its route.
   * `errorInfo` is an Error, what the classifier gave, or an ErrorRecord. Never rejects: a channel that
   * fails is told through the mailbox.
   */
  async evaluateEscalation(
    errorInfo: unknown,
    context: Readonly<Record<string, unknown>> = {},
    fixAttempts: readonly unknown[] = [],
  ): Promise<EscalationResult> {
    const { policy = defaultPolicy, now = Date.now, enableAutoEscalation = true } = this.#options;
    const at = now();
    const record = recordFrom(errorInfo, context, fixAttempts, at);
    const escalation = escalate(record, { version: POLICY_VERSION, body: policy }, at);
    const escalated = !isAutomated(escalation.level);
    const incidentId = stableUuid('incident', escalation.groupKey, 1);
    const tell = escalated && enableAutoEscalation;
    const notices = tell
      ? await Promise.all(
          escalation.channels.map((channel) => this.#tellOnce(channel, incidentId, escalation, at)),
        )
      : [];
    return { ...escalation, incidentId, escalated, notices };
  }

  async #tellOnce(
    channel: ChannelName,
    incidentId: string,
    escalation: Decision,
    at: number,
  ): Promise<Notice> {
    const key = `${incidentId}/${channel}`;
    const before = this.#told.get(key);
    if (before !== undefined) return { ...(await before), state: 'already-told' };
    const telling = this.#tell(channel, incidentId, escalation, at);
    this.#told.set(key, telling);
    return telling;
  }

  async #tell(channel: ChannelName, incidentId: string, escalation: Decision, at: number): Promise<Notice> {
    try {
      const sent = await this.#call(channel, incidentId, escalation);
      if (sent !== undefined) return { channel, state: 'sent', ...sent };
      return this.#post(channel, incidentId, escalation, at, `no client for ${channel}`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return this.#post(channel, incidentId, escalation, at, `${channel} failed: ${why}`);
    }
  }

  async #call(
    channel: ChannelName,
    incidentId: string,
    { title, summary, priority }: Decision,
  ): Promise<{ reference: string | null; url: string | null } | undefined> {
    const { linearClient, codegenClient, linearTeamId = '' } = this.#options;
    if (channel === 'linear' && linearClient?.createIssue !== undefined) {
      const id = stableUuid('linear', incidentId);
      const input = { id, teamId: linearTeamId, title, description: summary, priority };
      const payload = fieldsOf(await this.#within(linearClient.createIssue(input)));
      const issue = fieldsOf(await this.#within(Promise.resolve(payload['issue'] ?? payload)));
      return {
        reference: textIn(issue, 'identifier') ?? textIn(issue, 'id') ?? id,
        url: textIn(issue, 'url'),
      };
    }
    if (channel === 'codegen' && codegenClient?.run !== undefined) {
      const request = { prompt: `${title}\n\n${summary}`, metadata: { incident: incidentId } };
      const run = fieldsOf(await this.#within(codegenClient.run(request)));
      return { reference: textIn(run, 'id'), url: textIn(run, 'web_url') ?? textIn(run, 'url') };
    }
    return undefined;
  }

  #post(
    channel: ChannelName,
    incidentId: string,
    { title, summary }: Decision,
    at: number,
    why: string,
  ): Notice {
    const id = stableUuid('mailbox', incidentId, channel);
    this.#mailbox.push({ id, channel, at, incidentId, subject: title, body: summary, why });
    return { channel, state: 'mailbox', reference: id, url: null };
  }

  async #within<T>(call: Promise<T>): Promise<T> {
    const ms = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    });
    try {
      return await Promise.race([call, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

function textIn(fields: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}
