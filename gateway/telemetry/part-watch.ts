import type { Checks } from '../api/contract/feed.ts';
import type { SystemAlarms } from './system-alarms.ts';

/** Parts whose fault is an incident of its own when it lasts; disk, engine and loops raise theirs themselves. */
const WATCHED = ['journal', 'redis', 'postgres', 'mqtt', 'projector', 'observations'] as const;
const LOOK_EVERY_MS = 1000;
/** So many looks in a row; a restart of a server is over before. Chosen. */
const LASTING_LOOKS = 60;
/**
 * A way in is told of sooner: nothing works around it, and one that hears nothing was silent for a while already. A cable that is
 * plugged over to another socket is back before. Chosen.
 */
const RECEIVER_LOOKS = 10;
/** And so many until it counts as well again. Chosen. */
const WELL_LOOKS = 5;

/**
 * Tells people of a part that stays unwell: what works around it hides the fault until the next one comes. Looks are counted,
 * not time, so that a machine that stood still is no fault of a part.
 */
export function createPartWatch(deps: {
  readonly checks: () => Checks;
  readonly alarms: Pick<SystemAlarms, 'raise' | 'restore'>;
  /** Names of the checks of ways in beside MQTT. */
  readonly receivers?: readonly string[];
}) {
  const watched: readonly (readonly [string, number])[] = [
    ...WATCHED.map((name) => [name, LASTING_LOOKS] as const),
    ...(deps.receivers ?? []).map((name) => [name, RECEIVER_LOOKS] as const),
  ];
  const unwellLooks = new Map<string, number>();
  const wellLooks = new Map<string, number>();
  let lookTimer: NodeJS.Timeout | null = null;

  function look(): void {
    const checks = deps.checks();
    for (const [name, lastingLooks] of watched) {
      const status = checks[name]?.status ?? 'ok';
      // Without its server nobody can look after the table: that is the server's fault, and one incident is enough.
      const isWell = status === 'ok' || (name === 'observations' && (checks['postgres']?.status ?? 'ok') !== 'ok');
      const unwell = isWell ? 0 : (unwellLooks.get(name) ?? 0) + 1;
      const well = isWell ? (wellLooks.get(name) ?? 0) + 1 : 0;
      unwellLooks.set(name, unwell);
      wellLooks.set(name, well);
      if (unwell >= lastingLooks) deps.alarms.raise(`part-down:${name}`, { status });
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
