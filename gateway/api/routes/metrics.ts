import { Type } from 'typebox';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';
import { isLoopbackAddress } from './health.ts';

export type MetricsRouteDeps = { readonly contentType: string; readonly render: () => Promise<string> };

/** `GET /metrics` for Prometheus: open to this machine, beyond it for whoever is logged in or has a token. */
export function metricsRoutes({ contentType, render }: MetricsRouteDeps): RouteModule {
  return {
    name: 'metrics',
    prefix: '',
    register: (app) => {
      app.get(
        '/metrics',
        {
          config: { access: 'public' },
          schema: {
            description: 'The gateway in numbers, in the text format of Prometheus; beyond this machine with a token',
            produces: ['text/plain'],
            response: { 200: Type.String() },
          },
        },
        async (request, reply) => {
          if (!isLoopbackAddress(request.ip) && request.findActor() === null) throw new ProblemError('unauthenticated');
          return reply
            .header('cache-control', 'no-store')
            .type(contentType)
            .send(await render());
        },
      );
    },
  };
}
