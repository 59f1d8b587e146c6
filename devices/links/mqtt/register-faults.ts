import type { Logger } from 'pino';
import type { StandingSource } from '../ports.ts';
import { tellRegisterFault } from '../sender.ts';

/** A register that fails makes senders unproven, never unheard (`route.ts`); this says that it fails. */
export function tellFaults(directory: StandingSource, logger: Pick<Logger, 'error'>): StandingSource {
  let faults = 0;
  return {
    standingOf: (name, secret) => {
      try {
        return directory.standingOf(name, secret);
      } catch (error) {
        faults += 1;
        tellRegisterFault(error, faults, logger);
        throw error;
      }
    },
  };
}
