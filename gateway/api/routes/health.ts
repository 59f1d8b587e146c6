import { Type } from 'typebox';
import { Ready, type Checks } from '../contract/feed.ts';
import type { RouteModule } from '../route.ts';

export type HealthRouteDeps = {
  readonly checks: () => Checks;
  /** Whether an alarm can be made durable now, by either path. */
  readonly canKeepAlarms: () => boolean;
};

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Whoever asks from this machine may know more than anybody else without a token. */
export function isLoopbackAddress(address: string): boolean {
  return LOOPBACK.has(address);
}

/** `/healthz`: the process answers. `/readyz`: 503 only when no alarm could be made durable (design §8). */
export function healthRoutes(deps: HealthRouteDeps): RouteModule {
  return {
    name: 'health',
    prefix: '',
    register: (app) => {
      app.get(
        '/healthz',
        { config: { access: 'public' }, schema: { response: { 200: Type.Object({ status: Type.Literal('ok') }) } } },
        () => ({ status: 'ok' as const }),
      );
      app.get(
        '/readyz',
        { config: { access: 'public' }, schema: { response: { 200: Ready, 503: Ready } } },
        async (request, reply) => {
          const checks = deps.checks();
          const isOk = Object.values(checks).every((check) => check.status === 'ok');
          const canKeep = deps.canKeepAlarms();
          const mayKnow = isLoopbackAddress(request.ip) || request.findActor() !== null;
          const answer: Ready = {
            status: canKeep ? (isOk ? 'ok' : 'degraded') : 'failed',
            checks: mayKnow ? checks : withoutDetails(checks),
          };
          return reply.code(canKeep ? 200 : 503).send(answer);
        },
      );
    },
  };
}

function withoutDetails(checks: Checks): Checks {
  return Object.fromEntries(Object.entries(checks).map(([name, { status }]) => [name, { status }]));
}
