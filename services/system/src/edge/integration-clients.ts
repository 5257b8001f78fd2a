import type { AgentClient, TicketClient } from '@faultline/escalator';
import type { Settings } from '../settings/settings.ts';

/** Clients that the configuration asks for, and what could not be had. */
export interface IntegrationClients {
  readonly linearClient: Partial<TicketClient> | undefined;
  readonly codegenClient: Partial<AgentClient> | undefined;
}

/** Public address of the agent service when nobody names one. */
const CODEGEN_URL = 'https://api.codegen.sh';
const CALL_MS = 15_000;

/** The caller's clients; where there are none, clients made of the configured keys. */
export function integrationClients(settings: Settings): IntegrationClients {
  const { linear, codegen } = settings;
  return {
    linearClient:
      settings.linearClient ??
      (linear.apiKey === undefined ? undefined : linearOf(linear.apiKey, linear.apiUrl)),
    codegenClient:
      settings.codegenClient ??
      (codegen.apiKey === undefined || codegen.orgId === undefined
        ? undefined
        : codegenOf(codegen.apiUrl ?? CODEGEN_URL, codegen.apiKey, codegen.orgId)),
  };
}

/** Linear by its own SDK, which is loaded when the first ticket is made: the package need not be installed before. */
const linearOf = (apiKey: string, apiUrl: string | undefined): Partial<TicketClient> => ({
  createIssue: async (input) => {
    const name = '@linear/sdk';
    const sdk = (await import(name).catch((cause: unknown) => {
      throw new Error('LINEAR_API_KEY is set but @linear/sdk is not installed: npm install @linear/sdk', {
        cause,
      });
    })) as {
      readonly LinearClient: new (options: {
        readonly apiKey: string;
        readonly apiUrl?: string;
      }) => TicketClient;
    };
    const client = new sdk.LinearClient({ apiKey, ...(apiUrl === undefined ? {} : { apiUrl }) });
    return client.createIssue(input);
  },
});

const codegenOf = (apiUrl: string, apiKey: string, orgId: string): Partial<AgentClient> => ({
  run: async (request) => {
    const url = `${apiUrl.replace(/\/+$/, '')}/v1/organizations/${encodeURIComponent(orgId)}/agent/run`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(CALL_MS),
      redirect: 'error', // the key goes to the configured host alone
    });
    if (!response.ok) throw new Error(`the agent service answered ${response.status}`);
    return response.json();
  },
});
