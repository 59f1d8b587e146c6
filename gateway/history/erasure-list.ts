import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { formatIso, type Clock } from '../clock.ts';
import { queryRows } from '../store/postgres.ts';
import type { Erase } from './erase.ts';
import { ErasureError } from './erase-rows.ts';
import { appendLine, readLines } from './head-file.ts';
import { parseObject } from './log-line.ts';

const ACTION = 'keep the list of erasures';
/** After a failure the same person is tried again after so long, then after twice as long; chosen. */
const BACK_OFF_FIRST_MS = 30_000;
const BACK_OFF_MOST_MS = 30 * 60_000;
const AGAIN = ' (again, after a restore)';

/** That somebody was erased, as it stands outside of the database: one line of JSON. Ids and grounds, no names. */
export type ListedErasure = {
  readonly residentId: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly by: string;
  readonly ground: string;
};

export type ErasureKeeperDeps = {
  readonly pool: Pool;
  /** The data folder's, and one elsewhere. */
  readonly paths: readonly string[];
  readonly erase: Erase;
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly logger: Logger;
};

/**
 * Backups are older than some erasures, and whoever restores one brings back who was erased since. So each erasure stands in
 * files outside of the database, and who is in them and was not erased in the database is erased again.
 */
export function createErasureKeeper({ pool, paths, erase, clock, logger }: ErasureKeeperDeps): () => Promise<void> {
  const waiting = new Set<string>();
  /** Whose erasure failed, by resident: an erasure keeps who writes the register waiting, so it is not tried without pause. */
  const failed = new Map<string, { readonly pauseMs: number; readonly untilMonoMs: number }>();

  return async () => {
    const done = await loadErasures(pool);
    // Read each time: they are short, and a disk may come later than the gateway, with a longer one.
    const read = await Promise.allSettled(paths.map((path) => readList(path)));
    const lists = read.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : null));
    const faults: unknown[] = [];
    for (const { residentId, by, ground } of planAgain(
      done,
      lists.flatMap((list) => list ?? []),
    )) {
      if ((failed.get(residentId)?.untilMonoMs ?? -Infinity) > clock.monoMs()) continue;
      try {
        await erase({ residentId, by, ground: ground.endsWith(AGAIN) ? ground : `${ground}${AGAIN}`, isDryRun: false });
        failed.delete(residentId);
        logger.warn({ residentId }, 'a person whom a restore brought back was erased again');
      } catch (error) {
        if (!(error instanceof ErasureError)) {
          const pauseMs = Math.min(2 * (failed.get(residentId)?.pauseMs ?? BACK_OFF_FIRST_MS / 2), BACK_OFF_MOST_MS);
          failed.set(residentId, { pauseMs, untilMonoMs: clock.monoMs() + pauseMs });
          faults.push(error);
          // The next one's turn is the next time: the database may be what is amiss.
          break;
        }
        // One that this database does not know needs nothing; an open case of theirs is closed first, and then it is tried again.
        if (error.code === 'open-incident' && !waiting.has(residentId)) {
          waiting.add(residentId);
          logger.warn({ residentId }, 'a person whom a restore brought back is erased when their case is closed');
        }
      }
    }
    // One file that cannot be read or written must not keep the other from it.
    const written = await Promise.allSettled(
      paths.map(async (path, index) => {
        const listed = lists[index];
        if (listed === null || listed === undefined) return;
        for (const erasure of planAdditions(done, listed)) await appendLine(path, formatListed(erasure));
      }),
    );
    for (const outcome of [...read, ...written]) if (outcome.status === 'rejected') faults.push(outcome.reason);
    for (const fault of faults) throw fault;
  };
}

/** What the database has done and the list does not have. Pure. */
export function planAdditions(done: readonly ListedErasure[], listed: readonly ListedErasure[]): ListedErasure[] {
  return done.filter(
    (one) => !listed.some(({ residentId, atMs }) => residentId === one.residentId && atMs === one.atMs),
  );
}

/** Of everybody who is to be erased again the last word. Pure. */
export function planAgain(done: readonly ListedErasure[], listed: readonly ListedErasure[]): ListedErasure[] {
  const newest = new Map<string, ListedErasure>();
  for (const one of listed) {
    if (one.atMs >= (newest.get(one.residentId)?.atMs ?? Number.NEGATIVE_INFINITY)) newest.set(one.residentId, one);
  }
  return [...newest.values()].filter(
    (one) => !done.some(({ residentId, atMs }) => residentId === one.residentId && atMs >= one.atMs),
  );
}

export function formatListed({ residentId, atMs, by, ground }: ListedErasure): string {
  return JSON.stringify({ residentId, at: formatIso(atMs), by, ground });
}

/** Total: null for what is no erasure. */
export function parseListed(line: string): ListedErasure | null {
  const { residentId, at, by, ground }: Record<string, unknown> = { ...parseObject(line) };
  const atMs = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  if (typeof residentId !== 'string' || typeof by !== 'string' || typeof ground !== 'string') return null;
  return Number.isNaN(atMs) ? null : { residentId, atMs, by, ground };
}

async function readList(path: string): Promise<ListedErasure[]> {
  const listed: ListedErasure[] = [];
  for await (const line of readLines(path)) {
    const erasure = parseListed(line);
    if (erasure !== null) listed.push(erasure);
  }
  return listed;
}

async function loadErasures(pool: Pool): Promise<ListedErasure[]> {
  return queryRows<ListedErasure>(
    pool,
    ACTION,
    `select resident_id as "residentId", (extract(epoch from erased_at) * 1000)::float8 as "atMs", by_actor as by, ground
     from erasures order by id`,
  );
}
