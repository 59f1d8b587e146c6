import type { FastifyRequest } from 'fastify';
import { type Actor, isAdmin, isSupervisor } from './auth/actor.ts';
import { ProblemError } from './problems.ts';
import type { Access, Api } from './route.ts';

const ALLOWED: Record<Exclude<Access, 'public'>, (actor: Actor) => boolean> = {
  'signed-in': () => true,
  supervisor: isSupervisor,
  admin: isAdmin,
};

/**
 * Gives every request its actor and refuses, before a body is read, whoever may not call the route. Only routes that
 * say `access: 'public'`, and files of the dashboard, are open to all.
 */
export function guardAccess(app: Api, identify: (request: FastifyRequest) => Actor | null): void {
  const known = new WeakMap<FastifyRequest, Actor>();
  // Asked anew each time: an event stream outlives its session.
  app.decorateRequest('findActor', function findActor(this: FastifyRequest) {
    return identify(this);
  });
  const need = (request: FastifyRequest): Actor => {
    const actor = known.get(request) ?? identify(request);
    if (actor === null) throw new ProblemError('unauthenticated');
    known.set(request, actor);
    return actor;
  };
  app.decorateRequest('actor', {
    getter(this: FastifyRequest) {
      return need(this);
    },
  });
  app.addHook('onRequest', (request, _reply, done) => {
    const { config, url } = request.routeOptions;
    const access = config.access ?? (url === undefined || url === '/*' ? 'public' : 'signed-in');
    if (access !== 'public' && !ALLOWED[access](need(request))) {
      throw new ProblemError('forbidden');
    }
    done();
  });
}
