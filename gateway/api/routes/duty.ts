import type { FastifyRequest } from 'fastify';
import type { Actor } from '../auth/actor.ts';
import { Duty, DutyStatus } from '../contract/session.ts';
import type { Presence } from '../presence.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';

export type DutyRouteDeps = {
  readonly presence: Pick<Presence, 'heartbeat' | 'setDuty' | 'status'>;
  /** When the session of a request ends by its time, epoch milliseconds. */
  readonly sessionEndsAtMs: (request: FastifyRequest) => number;
};

/**
 * On duty, with proven sound, and alive: what claims and coverage hang on. Each person speaks for themselves. Answered
 * without Redis too: this gateway knows who speaks to it.
 */
export function dutyRoutes({ presence, sessionEndsAtMs }: DutyRouteDeps): RouteModule {
  const response = { 200: DutyStatus };
  return {
    name: 'duty',
    prefix: '/api/v1',
    register: (app) => {
      app.get('/duty', { schema: { response } }, async ({ actor }) => presence.status(userOf(actor)));
      app.put('/duty', { schema: { body: Duty, response } }, async (request) =>
        presence.setDuty(userOf(request.actor), request.body, { expiresAtMs: sessionEndsAtMs(request) }),
      );
      app.post(
        '/duty/heartbeat',
        { schema: { description: 'At least every 10 s while the console is open', response } },
        async ({ actor }) => presence.heartbeat(userOf(actor)),
      );
    },
  };
}

function userOf(actor: Actor): string {
  if (actor.kind === 'local') throw new ProblemError('forbidden', 'Only a person who logged in can be on duty');
  return actor.user.id;
}
