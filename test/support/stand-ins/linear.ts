import { makeExecutableSchema } from '@graphql-tools/schema';
import { GraphQLError, Kind, parse, visit } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { fieldsOf, parseJson, startHttpStandIn, type Answered, type HttpVendor } from './http-stand-in.ts';
import { linearSdl } from './linear-sdl.ts';
import type { StandIn } from './stand-in.ts';

/** Key, team and states that the stand-in knows. */
export const linearAccess = {
  key: 'lin_api_stand_in',
  team: '9cfb482a-81e3-4154-b5b9-2c805e70a02d',
  label: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
} as const;

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MAX_TITLE = 255;

const states = [
  { id: 'state-triage', type: 'triage', position: 0 },
  { id: 'state-backlog', type: 'backlog', position: 0 },
  { id: 'state-todo-second', type: 'unstarted', position: 2 },
  { id: 'state-todo', type: 'unstarted', position: 1 },
  { id: 'state-started', type: 'started', position: 3 },
  { id: 'state-done-second', type: 'completed', position: 5 },
  { id: 'state-done', type: 'completed', position: 4 },
  { id: 'state-canceled', type: 'canceled', position: 6 },
] as const;

interface Issue {
  readonly id: string;
  readonly identifier: string;
  readonly url: string;
  title: string;
  description: string | null;
  priority: number;
  labelIds: readonly string[];
  delegateId: string | null;
  stateId: string;
  readonly comments: { readonly id: string; readonly body: string }[];
  readonly attachments: Map<string, { readonly id: string; title: string; subtitle: string | null }>;
}

const invalid = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: {
      type: 'invalid input',
      code: 'INPUT_ERROR',
      statusCode: 400,
      userError: true,
      userPresentableMessage: message,
      http: { status: 400 },
    },
  });

const notFound = (what: string): GraphQLError => invalid(`Entity not found: ${what}`);

type Input = Readonly<Record<string, unknown>>;

class Workspace {
  readonly issues = new Map<string, Issue>();
  readonly #comments = new Set<string>();

  issue(id: string): Issue {
    const found = this.issues.get(id);
    if (found === undefined) throw notFound('Issue');
    return found;
  }

  comment(id: string): { readonly id: string } {
    if (!this.#comments.has(id)) throw notFound('Comment');
    return { id };
  }

  create(input: Input): Issue {
    const { id, teamId, title, description, priority, labelIds, delegateId } = input;
    if (teamId !== linearAccess.team) throw invalid('teamId is not a team');
    if (typeof id !== 'string' || !UUID_V4.test(id)) throw invalid('id must be a UUID v4');
    if (this.issues.has(id)) throw invalid('Entity already exists: Issue');
    if (typeof title !== 'string' || title === '' || title.length > MAX_TITLE) throw invalid('title');
    const labels = Array.isArray(labelIds) ? (labelIds as string[]) : [];
    if (labels.some((label) => label !== linearAccess.label)) throw invalid('labelIds');
    const number = this.issues.size + 1;
    const issue: Issue = {
      id,
      identifier: `OPS-${number}`,
      url: `https://linear.example/acme/issue/OPS-${number}`,
      title,
      description: typeof description === 'string' ? description : null,
      priority: this.#priority(priority ?? 0),
      labelIds: labels,
      delegateId: typeof delegateId === 'string' ? delegateId : null,
      stateId: 'state-backlog',
      comments: [],
      attachments: new Map(),
    };
    this.issues.set(id, issue);
    return issue;
  }

  update(id: string, { priority, stateId }: Input): Issue {
    const issue = this.issue(id);
    if (priority !== undefined && priority !== null) issue.priority = this.#priority(priority);
    if (stateId !== undefined && stateId !== null) {
      if (!states.some((state) => state.id === stateId)) throw invalid('stateId');
      issue.stateId = String(stateId);
    }
    return issue;
  }

  addComment({ id, issueId, body }: Input): { readonly id: string } {
    if (typeof id !== 'string' || !UUID_V4.test(id)) throw invalid('id must be a UUID v4');
    if (this.#comments.has(id)) throw invalid('Entity already exists: Comment');
    if (typeof body !== 'string' || body === '') throw invalid('body');
    this.issue(String(issueId)).comments.push({ id, body });
    this.#comments.add(id);
    return { id };
  }

  attach({ issueId, url, title, subtitle }: Input): { readonly id: string } {
    const { attachments } = this.issue(String(issueId));
    if (typeof url !== 'string' || !URL.canParse(url)) throw invalid('url');
    const before = attachments.get(url);
    const id = before?.id ?? `attachment-${attachments.size + 1}`;
    attachments.set(url, {
      id,
      title: String(title),
      subtitle: subtitle === undefined ? null : String(subtitle),
    });
    return { id };
  }

  clear(): void {
    this.issues.clear();
    this.#comments.clear();
  }

  #priority(value: unknown): number {
    if (![0, 1, 2, 3, 4].includes(Number(value))) throw invalid('priority');
    return Number(value);
  }
}

const success = (field: string, value: unknown): unknown => ({
  success: true,
  lastSyncId: 1,
  [field]: value,
});

function schemaOf(workspace: Workspace) {
  return makeExecutableSchema({
    typeDefs: linearSdl,
    resolvers: {
      Query: {
        issue: (_root: unknown, { id }: { id: string }) => workspace.issue(id),
        comment: (_root: unknown, { id }: { id: string }) => workspace.comment(id),
        workflowStates: (
          _root: unknown,
          { filter }: { filter?: { type?: { eq?: string }; team?: { id?: { eq?: string } } } },
        ) => ({
          nodes: states.filter(
            ({ type }) =>
              (filter?.team?.id?.eq ?? linearAccess.team) === linearAccess.team &&
              (filter?.type?.eq === undefined || filter.type.eq === type),
          ),
        }),
      },
      Mutation: {
        issueCreate: (_root: unknown, { input }: { input: Input }) =>
          success('issue', workspace.create(input)),
        issueUpdate: (_root: unknown, { id, input }: { id: string; input: Input }) =>
          success('issue', workspace.update(id, input)),
        commentCreate: (_root: unknown, { input }: { input: Input }) =>
          success('comment', workspace.addComment(input)),
        attachmentCreate: (_root: unknown, { input }: { input: Input }) =>
          success('attachment', workspace.attach(input)),
      },
      Issue: {
        state: ({ stateId }: Issue) => states.find(({ id }) => id === stateId),
      },
    },
  });
}

/** What stands in a document as text instead of in a variable: an injection waiting to happen. */
function inlineText(document: string): readonly string[] {
  const problems: string[] = [];
  try {
    visit(parse(document), {
      [Kind.STRING]: ({ value }: { readonly value: string }) => {
        problems.push(`text in the document: ${value.slice(0, 40)}`);
      },
    });
  } catch (error) {
    problems.push(String(error));
  }
  return problems;
}

function linearVendor(): HttpVendor {
  const workspace = new Workspace();
  const yoga = createYoga({
    schema: schemaOf(workspace),
    logging: false,
    maskedErrors: false,
    landingPage: false,
  });
  return {
    name: 'linear',
    path: '/graphql',
    objects: () =>
      [...workspace.issues.values()].map((issue) => ({
        ...issue,
        stateType: states.find(({ id }) => id === issue.stateId)?.type,
        attachments: [...issue.attachments].map(([url, attachment]) => ({ url, ...attachment })),
      })),
    clear: () => workspace.clear(),
    // As the vendor says it: HTTP 400, and the code in the error.
    rateLimited: ({ retryAfterS = 1 }) => ({
      status: 400,
      headers: {
        'content-type': 'application/json',
        'retry-after': String(retryAfterS),
        'x-ratelimit-requests-limit': '5000',
        'x-ratelimit-requests-remaining': '0',
        'x-ratelimit-requests-reset': String(Date.now() + retryAfterS * 1_000),
      },
      body: JSON.stringify({
        errors: [
          {
            message: 'Rate limit exceeded',
            extensions: { type: 'ratelimited', code: 'RATELIMITED', statusCode: 429, userError: true },
          },
        ],
      }),
    }),
    refused: () => ({
      status: 401,
      body: JSON.stringify({
        errors: [
          {
            message: 'Authentication required',
            extensions: { type: 'authentication error', code: 'AUTHENTICATION_ERROR', userError: true },
          },
        ],
      }),
    }),
    answer: async ({ method, path, headers, body }): Promise<Answered> => {
      const { value, problem } = parseJson(body);
      const { query, variables } = fieldsOf(value);
      const input = fieldsOf(fieldsOf(variables)['input']);
      const id = input['id'] ?? fieldsOf(variables)['id'];
      const operation = /(?:query|mutation)\s+(\w+)/.exec(String(query))?.[1] ?? 'unknown';
      const problems = problem === null ? [...inlineText(String(query))] : [problem];
      if (headers.authorization !== linearAccess.key) problems.push('authorization');
      const response = await yoga.fetch(`http://stand-in${path}`, {
        method,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: body.toString('utf8'),
      });
      const text = await response.text();
      const { errors } = fieldsOf(JSON.parse(text)) as {
        errors?: readonly { message: string; extensions?: Input }[];
      };
      const unmeant = (errors ?? []).filter(({ extensions }) => extensions?.['code'] !== 'INPUT_ERROR');
      return {
        status: response.status,
        headers: { 'content-type': 'application/json' },
        body: text,
        id: typeof id === 'string' ? id : null,
        operation,
        problems: [...problems, ...unmeant.map(({ message }) => message)],
        sent: { operation, variables },
      };
    },
  };
}

/** Linear's GraphQL API as far as it is used: ids of ours are taken once, attachments are known by their url. */
export const startLinear = async (port = 0): Promise<StandIn> => startHttpStandIn(linearVendor(), port);
