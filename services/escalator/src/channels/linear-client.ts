import {
  InvalidInputLinearError,
  LinearClient,
  LinearError,
  LinearErrorType,
  RatelimitedLinearError,
} from '@linear/sdk';
import type { OutboundGuard } from '../outbound-guard.ts';

/** An issue as far as it concerns us. */
export interface LinearIssue {
  readonly id: string;
  readonly identifier: string;
  readonly url: string;
  readonly stateType: string;
}

/** What a ticket is made of. */
export interface LinearIssueInput {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly priority: number;
  readonly delegate: boolean;
}

/** How a call to Linear failed. `taken`: the input is invalid, most often because the id is in use. */
export class LinearFailure extends Error {
  readonly kind: 'taken' | 'rate-limited' | 'refused' | 'passing';
  readonly retryAfterMs: number | null;
  readonly doubtful: boolean;

  constructor(kind: LinearFailure['kind'], message: string, retryAfterMs: number | null, doubtful: boolean) {
    super(message);
    this.name = 'LinearFailure';
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
    this.doubtful = doubtful;
  }
}

/** The port to Linear; the SDK stays behind it. All methods reject with {@link LinearFailure}. */
export interface LinearPort {
  readonly issue: (id: string) => Promise<LinearIssue | undefined>;
  readonly createIssue: (input: LinearIssueInput) => Promise<void>;
  readonly comment: (id: string, issueId: string, body: string) => Promise<void>;
  readonly attach: (issueId: string, url: string, title: string, subtitle: string) => Promise<void>;
  readonly setPriority: (issueId: string, priority: number) => Promise<void>;
  /** Moves an issue into the state of a type that comes first. */
  readonly moveTo: (issueId: string, stateType: 'unstarted' | 'completed') => Promise<void>;
}

/** How the port reaches Linear. */
export interface LinearOptions {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly teamId: string;
  readonly labelIds: readonly string[];
  readonly delegateId: string | null;
  readonly guard: OutboundGuard;
  readonly timeoutMs: number;
  readonly now: () => number;
}

// Own documents with what we need alone: the SDK's fragments ask for fields that not every version has.
const ISSUE = `query Issue($id: String!) { issue(id: $id) { id identifier url state { type } } }`;
const STATES = `query States($team: ID!, $type: String!) {
  workflowStates(filter: { team: { id: { eq: $team } }, type: { eq: $type } }, first: 50) { nodes { id type position } }
}`;
const COMMENT = `query Comment($id: String!) { comment(id: $id) { id } }`;

interface IssueNode {
  readonly id: string;
  readonly identifier: string;
  readonly url: string;
  readonly state: { readonly type: string };
}

const SECOND_MS = 1_000;
const passing: ReadonlySet<LinearErrorType | undefined> = new Set([
  LinearErrorType.NetworkError,
  LinearErrorType.InternalError,
  LinearErrorType.LockTimeout,
]);

/** What an error of the SDK means. */
export function linearFailure(error: unknown, now: number): LinearFailure {
  if (error instanceof LinearFailure) return error;
  const message = error instanceof Error ? error.message.slice(0, 300) : String(error);
  if (error instanceof RatelimitedLinearError) {
    const { retryAfter, requestsResetAt } = error;
    const wait =
      retryAfter !== undefined
        ? retryAfter * SECOND_MS
        : requestsResetAt !== undefined
          ? Math.max(0, requestsResetAt - now)
          : null;
    return new LinearFailure('rate-limited', message, wait, false);
  }
  if (error instanceof InvalidInputLinearError) return new LinearFailure('taken', message, null, false);
  if (error instanceof LinearError) {
    if (passing.has(error.type)) return new LinearFailure('passing', message, null, true);
    // "Fetch failed" comes without a status: the connection broke, or never was.
    const unanswered = error.type === LinearErrorType.Unknown && error.status === undefined;
    return unanswered
      ? new LinearFailure('passing', message, null, true)
      : new LinearFailure('refused', message, null, false);
  }
  return new LinearFailure('passing', message, null, true);
}

/** The port over @linear/sdk: a client for each call, since the SDK has no time-out for one request. */
export function linearPort(options: LinearOptions): LinearPort {
  const { apiUrl, apiKey, teamId, guard, timeoutMs, now } = options;
  const target = new URL(apiUrl);
  const call = async <T>(work: (client: LinearClient) => Promise<T>): Promise<T> => {
    await guard(target);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await work(new LinearClient({ apiKey, apiUrl, signal, redirect: 'error' }));
    } catch (error) {
      throw linearFailure(error, now());
    }
  };
  const query = async <Data>(
    client: LinearClient,
    text: string,
    variables: Record<string, unknown>,
  ): Promise<Data | undefined> =>
    (await client.client.rawRequest<Data, Record<string, unknown>>(text, variables)).data;
  /** A look-up by id: an invalid input means that there is no such thing. */
  const lookUp = async <T>(
    work: (client: LinearClient) => Promise<T | undefined>,
  ): Promise<T | undefined> => {
    try {
      return await call(work);
    } catch (error) {
      if (error instanceof LinearFailure && error.kind === 'taken') return undefined;
      throw error;
    }
  };
  return {
    issue: async (id) =>
      lookUp(async (client) => {
        const found = (await query<{ issue: IssueNode | null }>(client, ISSUE, { id }))?.issue;
        if (found === null || found === undefined) return undefined;
        return { id: found.id, identifier: found.identifier, url: found.url, stateType: found.state.type };
      }),
    createIssue: async ({ delegate, ...input }) =>
      call(async (client) => {
        await client.createIssue({
          ...input,
          teamId,
          ...(options.labelIds.length === 0 ? {} : { labelIds: [...options.labelIds] }),
          ...(delegate && options.delegateId !== null ? { delegateId: options.delegateId } : {}),
        });
      }),
    comment: async (id, issueId, body) => {
      try {
        await call(async (client) => client.createComment({ id, issueId, body }));
      } catch (error) {
        if (!(error instanceof LinearFailure) || error.kind !== 'taken') throw error;
        const there = await lookUp(
          async (client) =>
            (await query<{ comment: { id: string } | null }>(client, COMMENT, { id }))?.comment ?? undefined,
        );
        if (there === undefined) throw new LinearFailure('refused', error.message, null, false);
      }
    },
    attach: async (issueId, url, title, subtitle) =>
      call(async (client) => {
        await client.createAttachment({ issueId, url, title, subtitle });
      }),
    setPriority: async (issueId, priority) =>
      call(async (client) => {
        await client.updateIssue(issueId, { priority });
      }),
    moveTo: async (issueId, stateType) =>
      call(async (client) => {
        const variables = { team: teamId, type: stateType };
        const found = await query<{
          workflowStates: { nodes: readonly { id: string; type: string; position: number }[] };
        }>(client, STATES, variables);
        const [first] = [...(found?.workflowStates.nodes ?? [])].sort((a, b) => a.position - b.position);
        if (first === undefined)
          throw new LinearFailure('refused', `the team has no state of type ${stateType}`, null, false);
        await client.updateIssue(issueId, { stateId: first.id });
      }),
  };
}
