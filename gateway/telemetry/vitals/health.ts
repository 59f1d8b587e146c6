import type { Check } from '../../api/contract/feed.ts';
import { LOSS_IS_OVER_MS } from './loss-alarm.ts';
import { sumWorths, type WorthCounts } from './thin.ts';
import type { HostState } from './worker-host.ts';

/** All counts since the start of the gateway. */
export type VitalsHealth = HostState & {
  /** Readings that became rows, and those that were said before. */
  readonly accepted: number;
  readonly repeats: number;
  /** Rows that the database took. */
  readonly stored: number;
  /** Rows that the database refused, in `put-aside.ndjson`. */
  readonly refused: number;
  /** How long ago a row was put aside last. */
  readonly refusedAgoMs: number;
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
const MIB = 1024 * 1024;
/** What a code of PostgreSQL means to whoever looks after the site. */
const FAULTS: Readonly<Record<string, string>> = {
  '42P01': 'the database has no such table: it is empty, or another one',
  '23514': 'the table has no part for that day',
  XX001: 'the table is damaged',
  XX002: 'an index is damaged',
};

export function judgeVitals(health: VitalsHealth): Check {
  const { thread } = health;
  if (!health.isRunning || thread === null) return { status: 'failed', detail: 'worker not running' };
  if (thread.diskFault !== null) return { status: 'failed', detail: `the disk refuses: ${thread.diskFault}` };
  const waiting = `${toMib(thread.spoolBytes)} of ${toMib(thread.boundBytes)} MiB wait`;
  if (health.shedAgoMs < LOSS_IS_OVER_MS) {
    const lost = sumWorths(health.shed);
    return { status: 'degraded', detail: `readings are shed: ${lost}, and ${health.unread} messages; ${waiting}` };
  }
  if (health.oldestWaitMs > SLOW_MS) return { status: 'degraded', detail: 'the disk is slow' };
  const { lateMs, fault } = thread.writer;
  if (lateMs > LATE_MS) {
    const why = fault === null ? 'slow' : (FAULTS[fault] ?? fault);
    return { status: 'degraded', detail: `not stored for ${Math.round(lateMs / 1000)} s (${why}); ${waiting}` };
  }
  const { refused, refusedAgoMs } = health;
  const detail = refused === 0 ? waiting : `${refused} rows were put aside; ${waiting}`;
  return { status: refusedAgoMs < LOSS_IS_OVER_MS ? 'degraded' : 'ok', detail };
}

function toMib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
