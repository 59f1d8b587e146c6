import type { Checks } from '../api/contract/feed.ts';
import type { SystemAlarms } from './system-alarms.ts';

/** Parts whose fault is an incident of its own when it lasts; disk, engine and loops raise theirs themselves. */
const WATCHED = ['journal', 'redis', 'postgres', 'mqtt', 'projector', 'observations'] as const;
const LOOK_EVERY_MS = 1000;
/** So many looks in a row; a restart of a server is over before. Chosen. */
const LASTING_LOOKS = 60;
/** And so many until it counts as well again. Chosen. */
const WELL_LOOKS = 5;

/**
 * Tells people of a part that stays unwell: what works around it hides the fault until the next one comes. Looks are counted,
 * not time, so that a machine that stood still is no fault of a part.
 */
export function createPartWatch(deps: {
  readonly checks: () => Checks;
  readonly alarms: Pick<SystemAlarms, 'raise' | 'restore'>;
}) {
  const unwellLooks = new Map<string, number>();
  const wellLooks = new Map<string, number>();
  let lookTimer: NodeJS.Timeout | null = null;

  function look(): void {
    const checks = deps.checks();
    for (const name of WATCHED) {
      const status = checks[name]?.status ?? 'ok';
      // Without its server nobody can look after the table: that is the server's fault, and one incident is enough.
      const isWell = status === 'ok' || (name === 'observations' && (checks['postgres']?.status ?? 'ok') !== 'ok');
      const unwell = isWell ? 0 : (unwellLooks.get(name) ?? 0) + 1;
      const well = isWell ? (wellLooks.get(name) ?? 0) + 1 : 0;
      unwellLooks.set(name, unwell);
      wellLooks.set(name, well);
      if (unwell >= LASTING_LOOKS) deps.alarms.raise(`part-down:${name}`, { status });
      if (well >= WELL_LOOKS) deps.alarms.restore(`part-down:${name}`);
    }
  }

  return {
    start: (): void => {
      lookTimer ??= setInterval(look, LOOK_EVERY_MS);
    },
    stop: (): void => {
      if (lookTimer !== null) clearInterval(lookTimer);
      lookTimer = null;
    },
    look,
  };
}
