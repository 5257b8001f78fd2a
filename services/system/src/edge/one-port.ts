import type { Component, RequestHandler } from '@faultline/platform';

/** A component that serves HTTP, and which paths are its own. */
export interface Mounted {
  readonly component: Component;
  /** Whether a path is this component's; the first that says so gets it. */
  readonly owns: (path: string) => boolean;
}

/** Lets several components serve on the one port of a process, each the paths that it owns. */
export function onePort(parts: readonly Mounted[]): readonly Component[] {
  const handlers = new Map<Component, RequestHandler>();
  const dispatch: RequestHandler = (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const owner = parts.find(({ owns, component }) => owns(path) && handlers.has(component));
    const handler = owner === undefined ? undefined : handlers.get(owner.component);
    if (handler !== undefined) {
      handler(request, response);
      return;
    }
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: `nothing serves ${path}`, remedy: 'see the README' } }));
  };
  return parts.map(({ component }) => ({
    name: component.name,
    start: async (context) =>
      component.start({
        ...context,
        mountHttp: (handler) => {
          handlers.set(component, handler);
          context.mountHttp(dispatch);
        },
      }),
  }));
}
