import type { Logger } from 'pino';
import type { Reach } from './plan-due.ts';
import { NOBODY } from './reach.ts';

/**
 * A look-up that fails reaches nobody, so that the next step comes at once: what is wrong with one person's data must not
 * keep a case from going further (promise P3).
 */
export function guardReach(reach: Reach, logger: Logger): Reach {
  return (target, incident) => {
    try {
      return reach(target, incident);
    } catch (error) {
      logger.error({ err: error, incidentId: incident.id, step: target }, 'whom a step reaches could not be looked up');
      return NOBODY;
    }
  };
}
