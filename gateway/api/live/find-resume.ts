import { comparePositions, LOG_START, type LogPosition } from '../../incidents/log/log-position.ts';
import { planLocalResume, planResume, positionOf, type Resume, type ResumePoint } from './resume.ts';

/** How long a reader waits for this gateway to read what another gateway has already told it. Chosen. */
const CATCH_UP_MS = 1000;

/** What is asked of the log; rejects while Redis does not answer. */
export type ResumeLog = {
  readonly keptFrom: () => Promise<LogPosition>;
  readonly holds: (position: LogPosition) => Promise<boolean>;
};

/** What this gateway has in memory. */
export type ResumeBoard = {
  readonly asOf: () => LogPosition;
  /** Resolves when the board has taken the position, or after the time. */
  readonly reached: (position: LogPosition, timeoutMs: number) => Promise<void>;
  /** Items after a position while all of them are still in memory, else null. */
  readonly recentAfter: (position: LogPosition) => readonly unknown[] | null;
  /** Whether Redis is away and this gateway works by itself. */
  readonly isLocal: () => boolean;
  /** Where this gateway went on with Redis after it had worked by itself. */
  readonly voidBefore: () => LogPosition | null;
};

/**
 * Finds where a reader goes on, and the newest position to tell it. A point ahead of this gateway may come from another one
 * that read faster: it is waited for before it is called wrong. While Redis does not answer only what is in memory can be
 * given; any other point gets a reset, and the list, which is in memory too, goes on. What this gateway does by itself has no
 * place in the log: then only "from now" can be had, and points of before are void afterwards. Never rejects.
 */
export async function findResume(
  asked: ResumePoint,
  log: ResumeLog,
  board: ResumeBoard,
): Promise<{ readonly resume: Resume; readonly newest: LogPosition | null }> {
  const position = positionOf(asked);
  if (board.isLocal()) return { resume: planLocalResume(asked, board.asOf()), newest: null };
  const voidBefore = board.voidBefore();
  if (position !== null && voidBefore !== null && comparePositions(position, voidBefore) < 0) {
    return { resume: { kind: 'reset', reason: 'degraded-ended' }, newest: board.asOf() };
  }
  if (position !== null && comparePositions(position, board.asOf()) > 0) await board.reached(position, CATCH_UP_MS);
  const known = await askLog(position, log, board);
  const newest = board.asOf();
  return { resume: planResume({ ...asked, newest, ...known }), newest };
}

async function askLog(
  position: LogPosition | null,
  log: ResumeLog,
  board: ResumeBoard,
): Promise<{ readonly keptFrom: LogPosition; readonly isKnown: boolean }> {
  // Nothing to be asked for, or nothing that the log could have given.
  if (position === null || comparePositions(position, board.asOf()) > 0) return { keptFrom: LOG_START, isKnown: true };
  try {
    const [keptFrom, isKnown] = await Promise.all([log.keptFrom(), log.holds(position)]);
    return { keptFrom, isKnown };
  } catch {
    // Redis is silent: the feed's own status says so; here it only means that memory alone answers.
    return { keptFrom: LOG_START, isKnown: board.recentAfter(position) !== null };
  }
}
