import { formatIso } from '../../clock.ts';
import { parsePart, type Part, type Parted } from './days.ts';
import { TABLE_LOCK, type Db } from './table.ts';

/** The parts that the table has, in the order of time. */
export async function loadParts(db: Db, of: Parted): Promise<Part[]> {
  const { rows } = await db.query(
    `select relname::text as name from pg_inherits join pg_class on pg_class.oid = inhrelid
     where inhparent = to_regclass($1) order by relname`,
    [of.table],
  );
  return (rows as { name: string }[]).flatMap(({ name }) => parsePart(of, name) ?? []);
}

/**
 * Makes parts that are not there, inside a transaction of the caller's. A part is made beside the table and attached: unlike
 * `partition of` that locks out nobody who reads or writes.
 */
export async function makeParts(db: Db, of: Parted, parts: readonly Part[]): Promise<void> {
  await db.query('select pg_advisory_xact_lock($1)', [TABLE_LOCK]);
  const there = new Set((await loadParts(db, of)).map(({ name }) => name));
  for (const { name, fromMs, untilMs } of parts.filter((part) => !there.has(part.name))) {
    await db.query(`create table if not exists ${name} (like ${of.table} including all)`);
    await db.query(
      `alter table ${of.table} attach partition ${name} for values from ('${formatIso(fromMs)}') to ('${formatIso(untilMs)}')`,
    );
  }
}

/** The same in a transaction of its own. */
export async function ensureParts(db: Db, of: Parted, parts: readonly Part[]): Promise<void> {
  await db.query('begin');
  try {
    await db.query(`set local lock_timeout = '2s'`);
    await makeParts(db, of, parts);
    await db.query('commit');
  } catch (error) {
    await db.query('rollback');
    throw error;
  }
}

/**
 * Drops the parts that end at `beforeMs` or earlier; answers how many. Each is detached first, concurrently, so that nobody
 * who writes meanwhile is locked out; what was interrupted in that is brought to its end. On one connection, outside of a
 * transaction; null where somebody else is at it.
 */
export async function dropParts(db: Db, of: Parted, beforeMs: number): Promise<number | null> {
  const { rows } = await db.query('select pg_try_advisory_lock($1) as mine', [TABLE_LOCK]);
  if ((rows[0] as { mine: boolean } | undefined)?.mine !== true) return null;
  try {
    for (const name of await loadNames(db, PENDING, of)) {
      await db.query(`alter table ${of.table} detach partition ${name} finalize`);
    }
    const old = (await loadParts(db, of)).filter(({ untilMs }) => untilMs <= beforeMs);
    for (const { name } of old) await db.query(`alter table ${of.table} detach partition ${name} concurrently`);
    const loose = (await loadNames(db, LOOSE, of)).flatMap((name) => parsePart(of, name) ?? []);
    const gone = loose.filter(({ untilMs }) => untilMs <= beforeMs);
    for (const { name } of gone) await db.query(`drop table ${name}`);
    return gone.length;
  } finally {
    await db.query('select pg_advisory_unlock($1)', [TABLE_LOCK]);
  }
}

const PENDING = `
  select relname::text as name from pg_inherits join pg_class on pg_class.oid = inhrelid
  where inhparent = to_regclass($1) and inhdetachpending`;

const LOOSE = `
  select relname::text as name from pg_class
  where relnamespace = (select relnamespace from pg_class where oid = to_regclass($1))
    and relkind = 'r' and not relispartition and starts_with(relname::text, $1 || '_')`;

async function loadNames(db: Db, sql: string, of: Parted): Promise<string[]> {
  const { rows } = await db.query(sql, [of.table]);
  return (rows as { name: string }[]).map(({ name }) => name);
}
