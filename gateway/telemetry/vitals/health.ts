import type { Check } from '../../api/contract/feed.ts';
import { sumWorths, type WorthCounts } from './thin.ts';
import type { HostState } from './worker-host.ts';

/** All counts since the start of the gateway. */
export type VitalsHealth = HostState & {
  /** Readings that became rows, and those that were said before. */
  readonly accepted: number;
  readonly repeats: number;
  /** Rows that the database took. */
  readonly stored: number;
  /** Readings that were not kept, by their worth. */
  readonly shed: WorthCounts;
  /** Messages that the link acknowledged and dropped unread, for want of room. */
  readonly unread: number;
  /** How long ago something was shed last. */
  readonly shedAgoMs: number;
};

const SLOW_MS = 1000;
/** A restart of the database is over before. Chosen. */
const LATE_MS = 60_000;
/** Shedding counts as over after so long without. Chosen. */
export const SHED_IS_OVER_MS = 60_000;
const MIB = 1024 * 1024;

export function judgeVitals(health: VitalsHealth): Check {
  const { thread } = health;
  if (!health.isRunning || thread === null) return { status: 'failed', detail: 'worker not running' };
  if (thread.diskFault !== null) return { status: 'failed', detail: `the disk refuses: ${thread.diskFault}` };
  const waiting = `${toMib(thread.spoolBytes)} of ${toMib(thread.boundBytes)} MiB wait`;
  if (health.shedAgoMs < SHED_IS_OVER_MS) {
    const lost = sumWorths(health.shed);
    return { status: 'degraded', detail: `readings are shed: ${lost}, and ${health.unread} messages; ${waiting}` };
  }
  if (health.oldestWaitMs > SLOW_MS) return { status: 'degraded', detail: 'the disk is slow' };
  const { lateMs, fault, refused } = thread.writer;
  if (lateMs > LATE_MS) {
    return {
      status: 'degraded',
      detail: `not stored for ${Math.round(lateMs / 1000)} s (${fault ?? 'slow'}); ${waiting}`,
    };
  }
  return { status: 'ok', detail: refused === 0 ? waiting : `${waiting}; ${refused} rows were put aside` };
}

function toMib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
