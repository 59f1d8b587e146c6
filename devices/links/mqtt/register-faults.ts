import type { Logger } from 'pino';
import type { StandingSource } from '../ports.ts';

/**
 * A register that fails makes senders unproven, never unheard (`route.ts`); this says that it fails. Every connection asks,
 * so it is said the 1st, 2nd, 4th, 8th … time.
 */
export function tellFaults(directory: StandingSource, logger: Pick<Logger, 'error'>): StandingSource {
  let faults = 0;
  return {
    standingOf: (name, secret) => {
      try {
        return directory.standingOf(name, secret);
      } catch (error) {
        faults += 1;
        const cause = error instanceof Error ? error.name : 'unknown';
        if (Number.isInteger(Math.log2(faults))) {
          logger.error({ cause, faults }, 'the register could not be asked, senders count as unproven');
        }
        throw error;
      }
    },
  };
}
