import { STATUS_CODES } from 'node:http';
import { httpBase } from '../ports.ts';

/** What the local HTTP server answers to a request. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: `${JSON.stringify(value)}\n`,
});

/** Errors of the OpenAI API as its documentation gives them. */
const openAi: Readonly<Record<string, Reply>> = {
  'rate-limit': json(
    429,
    {
      error: {
        message:
          'Rate limit reached for gpt-4o in organization org-acme on tokens per min (TPM): Limit 30000, Used 29544, Requested 2412. Please try again in 3.912s. Visit https://platform.openai.com/account/rate-limits to learn more.',
        type: 'tokens',
        param: null,
        code: 'rate_limit_exceeded',
      },
    },
    { 'retry-after': '4', 'x-ratelimit-remaining-tokens': '456' },
  ),
  quota: json(429, {
    error: {
      message:
        'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
      type: 'insufficient_quota',
      param: null,
      code: 'insufficient_quota',
    },
  }),
  context: json(400, {
    error: {
      message:
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 141337 tokens. Please reduce the length of the messages.",
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    },
  }),
  key: json(401, {
    error: {
      message:
        'Incorrect API key provided: not-a-key. You can find your API key at https://platform.openai.com/account/api-keys.',
      type: 'invalid_request_error',
      param: null,
      code: 'invalid_api_key',
    },
  }),
  overloaded: json(503, {
    error: {
      message: 'The engine is currently overloaded, please try again later.',
      type: 'server_error',
      param: null,
      code: null,
    },
  }),
};

const anthropicError = (status: number, type: string, message: string, headers = {}): Reply =>
  json(
    status,
    { type: 'error', error: { type, message }, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' },
    headers,
  );

/** Errors of the Anthropic API as its documentation gives them. */
const anthropic: Readonly<Record<string, Reply>> = {
  overloaded: anthropicError(529, 'overloaded_error', 'Overloaded'),
  'rate-limit': anthropicError(
    429,
    'rate_limit_error',
    'This request would exceed the rate limit for your organization of 40,000 input tokens per minute.',
    { 'retry-after': '21' },
  ),
  key: anthropicError(401, 'authentication_error', 'invalid x-api-key'),
  context: anthropicError(400, 'invalid_request_error', 'prompt is too long: 207113 tokens > 200000 maximum'),
};

const chat = (message: Readonly<Record<string, unknown>>, finish: string): Reply =>
  json(200, {
    id: 'chatcmpl-local',
    object: 'chat.completion',
    created: 1_767_225_600,
    model: 'gpt-4o',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
    usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 },
  });

const toolCall = {
  content: null,
  tool_calls: [
    { id: 'call_1', type: 'function', function: { name: 'run_tests', arguments: '{"target":"unit"}' } },
  ],
};

/** Answers of a model that works, each of another kind. */
const model: Readonly<Record<string, Reply>> = {
  text: chat({ content: 'The tests pass.' }, 'stop'),
  loop: chat(toolCall, 'tool_calls'),
  prose: chat({ content: 'Sure! Here is the plan you asked for:\n\n1. fix the import' }, 'stop'),
};

const registryError = (status: number, code: string, message: string, detail: unknown = null): Reply =>
  json(
    status,
    { errors: [{ code, message, detail }] },
    { 'docker-distribution-api-version': 'registry/2.0' },
  );

/** Answers of a container registry, by the first part of the image name. */
const images: Readonly<Record<string, Reply>> = {
  missing: registryError(404, 'MANIFEST_UNKNOWN', 'manifest unknown', { Tag: '1.4.2' }),
  limited: registryError(
    429,
    'TOOMANYREQUESTS',
    'You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit',
  ),
  denied: registryError(403, 'DENIED', 'requested access to the resource is denied'),
  broken: { status: 500, body: 'Internal Server Error\n' },
};

const kubernetesStatus = (code: number, reason: string, message: string): Reply =>
  json(code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code });

/** Answers of a Kubernetes API server, by case. */
const kubernetes: Readonly<Record<string, Reply>> = {
  forbidden: kubernetesStatus(
    403,
    'Forbidden',
    'pods is forbidden: User "system:serviceaccount:ci:deployer" cannot list resource "pods" in API group "" in the namespace "production"',
  ),
  unauthorized: kubernetesStatus(401, 'Unauthorized', 'Unauthorized'),
};

const aws = (status: number, code: string, message: string): Reply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>`,
});

/** Answers of an object store, by case. */
const objectStore: Readonly<Record<string, Reply>> = {
  denied: aws(
    403,
    'AccessDenied',
    'User: arn:aws:sts::123456789012:assumed-role/ci/runner is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::acme-artifacts/app.zip" because no identity-based policy allows the s3:PutObject action',
  ),
  expired: aws(400, 'ExpiredToken', 'The provided token has expired.'),
  bucket: aws(404, 'NoSuchBucket', 'The specified bucket does not exist'),
  slow: aws(503, 'SlowDown', 'Please reduce your request rate.'),
};

const packet = (text: string): string => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;

/** What a git server says first: one branch, and what it can do. */
const refAdvertisement: Reply = {
  status: 200,
  headers: { 'content-type': 'application/x-git-upload-pack-advertisement' },
  body: `${packet('# service=git-upload-pack\n')}0000${packet(`${'8f14e45fceea167a5a36dedd4bea2543'.padEnd(40, 'a')} HEAD\0symref=HEAD:refs/heads/main agent=git/2.39.5\n`)}${packet(`${'8f14e45fceea167a5a36dedd4bea2543'.padEnd(40, 'a')} refs/heads/main\n`)}0000`,
};

const notFound: Reply = { status: 404, body: 'Not Found\n' };

const statusReply = (status: number): Reply =>
  json(
    status,
    { error: STATUS_CODES[status] ?? 'error' },
    status === 401 ? { 'www-authenticate': 'Basic realm="acme"' } : {},
  );

/** Tables of replies, by the first part of the path; the second part is the case. */
const tables: Readonly<Record<string, Readonly<Record<string, Reply>>>> = {
  openai: openAi,
  anthropic,
  model,
  s3: objectStore,
};

/** Finds the answer to a path. */
export function replyTo(path: string, method: string): Reply {
  const [first = '', second = ''] = path.replace(/^\//, '').split(/[/?]/);
  if (first === 'ok') return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok\n' };
  if (first === 'status') return statusReply(Number(second));
  if (first === 'expired-token') {
    return json(401, { error: 'Unauthorized - Token has expired' }, { 'www-authenticate': 'Bearer' });
  }
  if (first === 'redirect') return { status: 302, headers: { location: '/redirect/again' }, body: '' };
  if (first === 'html') {
    return {
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
    };
  }
  if (first === 'page') {
    return {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><title>Sign in</title>\n',
    };
  }
  if (first === 'github') {
    return json(
      403,
      {
        message: 'API rate limit exceeded for user ID 41898282.',
        documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
      },
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767229200' },
    );
  }
  if (first === 'git-rpc') return method === 'GET' ? refAdvertisement : statusReply(502);
  if (first === 'crates' && second === 'config.json') return json(200, { dl: `${httpBase}/crates/dl` });
  if (first === 'v2') return second === '' ? json(200, {}) : (images[second] ?? notFound);
  if (first === 'api')
    return kubernetes[path.includes('/production/') ? 'forbidden' : 'unauthorized'] ?? notFound;
  return tables[first]?.[second] ?? (method === 'HEAD' ? { status: 404, body: '' } : notFound);
}
