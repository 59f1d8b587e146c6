import { errorCode } from '../../errors.ts';
import type { Logger } from 'pino';
import type { Actor } from '../auth/actor.ts';
import { Duty, DutyStatus } from '../contract/session.ts';
import type { Presence } from '../presence.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';

export type DutyRouteDeps = {
  readonly presence: Pick<Presence, 'heartbeat' | 'setDuty' | 'status'>;
  readonly logger: Logger;
};

/** On duty, with proven sound, and alive: what claims and coverage hang on. Each person speaks for themselves. */
export function dutyRoutes({ presence, logger }: DutyRouteDeps): RouteModule {
  const ask = async (work: Promise<DutyStatus>): Promise<DutyStatus> => {
    try {
      return await work;
    } catch (error) {
      logger.warn({ code: errorCode(error) }, 'presence not reached');
      throw new ProblemError('degraded', 'Presence cannot be reached now');
    }
  };
  const response = { 200: DutyStatus };
  return {
    name: 'duty',
    prefix: '/api/v1',
    register: (app) => {
      app.get('/duty', { schema: { response } }, async ({ actor }) => ask(presence.status(userOf(actor))));
      app.put('/duty', { schema: { body: Duty, response } }, async ({ actor, body }) =>
        ask(presence.setDuty(userOf(actor), body)),
      );
      app.post(
        '/duty/heartbeat',
        { schema: { description: 'At least every 10 s while the console is open', response } },
        async ({ actor }) => ask(presence.heartbeat(userOf(actor))),
      );
    },
  };
}

function userOf(actor: Actor): string {
  if (actor.kind === 'local') throw new ProblemError('forbidden', 'Only a person who logged in can be on duty');
  return actor.user.id;
}
