import { join } from 'node:path';
import { Presence, type PresenceDeps } from './api/presence.ts';
import { worksOnCases } from './api/auth/actor.ts';
import { createCoverageWatch } from './escalation/coverage-watch.ts';
import { createDutyMemory } from './escalation/duty-memory.ts';
import { lineFile } from './incidents/degraded/line-file.ts';
import type { SystemAlarms } from './telemetry/system-alarms.ts';

export type AttendanceDeps = Omit<PresenceDeps, 'memory'> & {
  readonly dataDir: string;
  readonly alarms: Pick<SystemAlarms, 'raise' | 'restore'>;
};

/** Who is there, and whether somebody is on duty everywhere. */
export function createAttendance(deps: AttendanceDeps) {
  const memory = createDutyMemory({ ...deps, file: lineFile(join(deps.dataDir, 'degraded', 'duty.jsonl')) });
  const presence = new Presence({ ...deps, memory });
  const coverage = createCoverageWatch({
    people: presence.people,
    promised: () =>
      presence
        .saidOnDuty()
        .filter(({ roles }) => worksOnCases(roles))
        .flatMap(({ regions }) => regions),
    raise: (code) => deps.alarms.raise(code, {}, 'no-coverage'),
    restore: (code) => deps.alarms.restore(code),
    clock: deps.clock,
  });
  return {
    presence,
    /** Before deadlines run: a step that is due at once must know who is there. */
    start: () => presence.start(),
    /** Consoles can reach this gateway from now on. */
    listens: (): void => {
      presence.listens();
      coverage.start();
    },
    stop: async (): Promise<void> => {
      coverage.stop();
      presence.stop();
      await memory.settled();
    },
  };
}
