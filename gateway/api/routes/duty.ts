import type { FastifyRequest } from 'fastify';
import type { Actor } from '../auth/actor.ts';
import { Duty, DutyStatus } from '../contract/session.ts';
import type { DutySession, Presence } from '../presence.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';

export type DutyRouteDeps = {
  readonly presence: Pick<Presence, 'heartbeat' | 'setDuty' | 'status'>;
  /** The session of a request, and when it ends by its time. */
  readonly sessionOf: (request: FastifyRequest) => DutySession;
};

/**
 * On duty, with proven sound, and alive: what claims and coverage hang on. Each person speaks for themselves, each session for its own sound. Answered
 * without Redis too: this gateway knows who speaks to it.
 */
export function dutyRoutes({ presence, sessionOf }: DutyRouteDeps): RouteModule {
  const response = { 200: DutyStatus };
  return {
    name: 'duty',
    prefix: '/api/v1',
    register: (app) => {
      app.get('/duty', { schema: { response } }, async (request) =>
        presence.status(userOf(request.actor), sessionOf(request).id),
      );
      app.put('/duty', { schema: { body: Duty, response } }, async (request) =>
        presence.setDuty(userOf(request.actor), request.body, sessionOf(request)),
      );
      app.post(
        '/duty/heartbeat',
        { schema: { description: 'At least every 10 s while the console is open', response } },
        async (request) => presence.heartbeat(userOf(request.actor), sessionOf(request).id),
      );
    },
  };
}

function userOf(actor: Actor): string {
  if (actor.kind === 'local') throw new ProblemError('forbidden', 'Only a person who logged in can be on duty');
  return actor.user.id;
}
