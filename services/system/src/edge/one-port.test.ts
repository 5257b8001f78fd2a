import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Component, RequestHandler, ServiceContext } from '@faultline/platform';
import { onePort } from './one-port.ts';

const serving = (name: string): Component => ({
  name,
  start: async ({ mountHttp }) => {
    mountHttp((_request, response) => response.end(name));
    return { stop: async () => undefined };
  },
});

async function mounted(): Promise<(path: string) => { body: string; status: number }> {
  let handler: RequestHandler | undefined;
  const context = { mountHttp: (given: RequestHandler) => (handler = given) } as unknown as ServiceContext;
  const components = onePort([
    { component: serving('gateway'), owns: (path) => path.startsWith('/v1/') },
    { component: serving('analytics'), owns: (path) => path.startsWith('/api/') },
  ]);
  for (const component of components) await component.start(context);
  return (path) => {
    const answer = { body: '', status: 200 };
    const response = {
      writeHead: (status: number) => (answer.status = status),
      end: (body: string) => (answer.body = body),
    };
    handler?.({ url: path } as IncomingMessage, response as unknown as ServerResponse);
    return answer;
  };
}

describe('several components on one port', () => {
  it('get the paths that they own', async () => {
    const get = await mounted();
    expect(get('/v1/errors?x=1').body).toBe('gateway');
    expect(get('/api/v1/trace/1').body).toBe('analytics');
  });

  it('leave what nobody owns to a 404', async () => {
    const get = await mounted();
    expect(get('/other')).toMatchObject({ status: 404 });
  });
});
