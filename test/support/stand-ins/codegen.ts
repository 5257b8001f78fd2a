import { fieldsOf, parseJson, startHttpStandIn, type Answered, type HttpVendor } from './http-stand-in.ts';
import type { StandIn } from './stand-in.ts';

/** Key and organization that the stand-in knows. */
export const codegenAccess = { key: 'codegen-key', organization: '42' } as const;

const BASE = `/v1/organizations/${codegenAccess.organization}/agent`;
const CREATES_A_MINUTE = 10;
const MINUTE_MS = 60_000;

interface Run {
  readonly id: number;
  readonly organization_id: number;
  readonly status: string;
  readonly created_at: string;
  readonly web_url: string;
  readonly result: string | null;
  readonly summary: string | null;
  readonly github_pull_requests: readonly unknown[];
  readonly metadata: unknown;
}

function codegenVendor(now: () => number): HttpVendor {
  const runs: Run[] = [];
  const created: number[] = [];
  const create = (value: unknown): Pick<Answered, 'status' | 'body' | 'problems' | 'id' | 'headers'> => {
    const { prompt, metadata } = fieldsOf(value);
    if (typeof prompt !== 'string' || prompt === '') {
      return { status: 422, body: '{"detail":"prompt"}', problems: ['prompt is missing'], id: null };
    }
    if (created.filter((at) => now() - at < MINUTE_MS).length >= CREATES_A_MINUTE) {
      return { status: 429, headers: { 'retry-after': '6' }, body: 'too many', problems: [], id: null };
    }
    created.push(now());
    const id = runs.length + 1;
    const run: Run = {
      id,
      organization_id: Number(codegenAccess.organization),
      status: 'PENDING',
      created_at: new Date(now()).toISOString(),
      web_url: `https://codegen.example/agent/trace/${id}`,
      result: null,
      summary: null,
      github_pull_requests: [],
      metadata: metadata ?? null,
    };
    runs.push(run);
    return { status: 200, body: JSON.stringify(run), problems: [], id: String(id) };
  };
  return {
    name: 'codegen',
    path: '',
    objects: () => runs,
    clear: () => {
      runs.length = 0;
      created.length = 0;
    },
    answer: async ({ method, path, query, headers, body }): Promise<Answered> => {
      const operation = `${method} ${path.replace(BASE, '')}`;
      const { value, problem } = method === 'POST' ? parseJson(body) : { value: null, problem: null };
      const note = { id: null, operation, sent: value };
      if (headers.authorization !== `Bearer ${codegenAccess.key}`) {
        return { ...note, status: 401, body: '{"detail":"unauthorized"}', problems: ['authorization'] };
      }
      if (problem !== null) return { ...note, status: 422, body: '{}', problems: [problem] };
      if (method === 'POST' && path === `${BASE}/run`) return { ...note, ...create(value) };
      if (method === 'GET' && path === `${BASE}/runs`) {
        const skip = Number(query.get('skip') ?? 0);
        const limit = Number(query.get('limit') ?? 100);
        const items = [...runs].reverse().slice(skip, skip + limit); // newest first
        const page = {
          items,
          total: runs.length,
          page: skip / limit + 1,
          size: limit,
          pages: Math.ceil(runs.length / limit),
        };
        return { ...note, status: 200, body: JSON.stringify(page), problems: [] };
      }
      const run = runs.find(({ id }) => path === `${BASE}/run/${id}`);
      return run === undefined
        ? { ...note, status: 404, body: '{"detail":"not found"}', problems: [`${method} ${path}`] }
        : { ...note, status: 200, body: JSON.stringify(run), problems: [] };
    },
  };
}

/** Codegen's agent runs: no ids of ours, so that each POST is a new run; ten a minute. */
export const startCodegen = async (port = 0, now: () => number = Date.now): Promise<StandIn> =>
  startHttpStandIn(codegenVendor(now), port);
