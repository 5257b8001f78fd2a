import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestHandler } from '../lifecycle/component.ts';
import type { Health } from '../lifecycle/health.ts';
import type { Metrics } from '../observability/metrics.ts';

/** The HTTP side of a service. */
export interface ServiceHttp {
  readonly url: string;
  readonly mount: (handler: RequestHandler) => void;
  readonly close: () => Promise<void>;
}

/** Serves /metrics, /livez and /readyz, and hands the rest to whatever is mounted. */
export async function serveHttp(options: {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly service: string;
}): Promise<ServiceHttp> {
  const { health, metrics, service } = options;
  let mounted: RequestHandler | undefined;
  const server = createServer((request, response) => {
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    switch ((request.url ?? '/').split('?')[0] ?? '/') {
      case '/metrics':
        metrics.text().then(
          (text) => response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text),
          (error: unknown) => json(500, { error: String(error) }),
        );
        return;
      case '/livez':
        json(200, { service, alive: true });
        return;
      case '/readyz':
        json(health.ready ? 200 : 503, {
          service,
          ready: health.ready,
          draining: health.draining,
          components: health.report(),
        });
        return;
      default:
        if (mounted === undefined) json(404, { error: 'not found; see /metrics, /livez and /readyz' });
        else mounted(request, response);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    mount: (handler) => {
      mounted = handler;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
