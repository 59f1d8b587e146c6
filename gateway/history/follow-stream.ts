import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Clock } from '../clock.ts';
import { comparePositions, LOG_START } from '../incidents/log/log-position.ts';
import { inTransaction, queryRows, type Queryable } from '../store/postgres.ts';
import { draftAudit } from './audit-entry.ts';
import { lockChain, type LockedChain } from './chain-store.ts';
import { loadStreamPage, type StreamEntry } from './stream-page.ts';

const ACTION = 'follow a stream';

/** What one pass reads at most: half a megabyte, so that no script holds Redis up. Chosen. */
const PAGE = 200;

/** How the entries of one stream become rows. `prepare` asks Redis, what it answers writes in the transaction. */
export type StreamTaker = {
  readonly stream: string;
  readonly prepare: (entries: readonly StreamEntry[]) => Promise<(db: Queryable, chain: LockedChain) => Promise<void>>;
};

/**
 * - `done`: everything was taken, up to `position` of this life of Redis
 * - `more`: a page was taken, or another gateway took it; ask again
 * - `nameless`: Redis' data has no name yet; ask again later
 */
export type PassResult =
  | { readonly kind: 'done'; readonly lineage: string; readonly position: string }
  | { readonly kind: 'more' | 'nameless' };

export type FollowDeps = { readonly pool: Pool; readonly redis: Redis; readonly clock: Clock };

type Cursors = ReadonlyMap<string, string>;

/**
 * One pass: a page behind the cursor, its rows and the cursor's new place in one transaction. Killed anywhere it has
 * happened or not. Two gateways may read the same page; the one that finds the cursor moved writes nothing.
 */
export async function followStream(deps: FollowDeps, taker: StreamTaker): Promise<PassResult> {
  const { pool, redis } = deps;
  const { stream } = taker;
  const cursors = await loadCursors(pool, stream);
  const found = await loadPageBehind(redis, stream, cursors);
  if (found === null) return { kind: 'nameless' };
  const { lineage, from, start, page } = found;
  const isSetBack = start !== (from ?? LOG_START) || (from === null && cursors.size > 0);
  const last = page.entries.at(-1);
  if (last === undefined && !isSetBack) return { kind: 'done', lineage, position: from ?? LOG_START };
  const write = await taker.prepare(page.entries);
  const to = last?.position ?? page.newest;
  await inTransaction(pool, ACTION, async (db) => {
    const chain = await lockChain(db);
    if (((await loadCursors(db, stream)).get(lineage) ?? null) !== from) return;
    if (isSetBack) await noteSetBack(deps, db, chain, { stream, lineage, from, to });
    await write(db, chain);
    await saveCursor(db, stream, lineage, to);
  });
  return { kind: 'more' };
}

/** A page of the life that Redis is in now; null while that has no name, or while it is replaced by another. */
async function loadPageBehind(redis: Redis, stream: string, cursors: Cursors) {
  const { lineage, newest } = await loadStreamPage(redis, stream, LOG_START, 1);
  if (lineage === null) return null;
  const from = cursors.get(lineage) ?? null;
  // The cursor stands beyond everything this Redis ever gave: it was set back, and all it holds is read again.
  const start = from === null || comparePositions(newest, from) < 0 ? LOG_START : from;
  const page = await loadStreamPage(redis, stream, start, PAGE);
  return page.lineage === lineage ? { lineage, from, start, page } : null;
}

/** Each known life of Redis with how far it was read. @throws StoreError */
export async function loadCursors(db: Queryable, stream: string): Promise<Cursors> {
  const rows = await queryRows<{ lineage: string; position: string }>(
    db,
    ACTION,
    'select lineage, position from projector_cursor where stream = $1',
    [stream],
  );
  return new Map(rows.map(({ lineage, position }) => [lineage, position]));
}

/** A Redis with less than it had is part of the story, and may have brought back what was erased. */
async function noteSetBack(
  { clock }: FollowDeps,
  db: Queryable,
  chain: LockedChain,
  told: { readonly stream: string; readonly lineage: string; readonly from: string | null; readonly to: string },
): Promise<void> {
  await chain.append([draftAudit('set-back', clock.nowMs(), told)]);
  await queryRows(db, ACTION, 'update erasures set redis_done_at = null where redis_done_at is not null');
}

async function saveCursor(db: Queryable, stream: string, lineage: string, position: string): Promise<void> {
  await queryRows(
    db,
    ACTION,
    `insert into projector_cursor (stream, lineage, position, moved_at) values ($1, $2, $3, now())
     on conflict (stream, lineage) do update set position = excluded.position, moved_at = excluded.moved_at`,
    [stream, lineage, position],
  );
}
