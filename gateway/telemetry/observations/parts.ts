import { formatIso } from '../../clock.ts';
import { errorCode } from '../../errors.ts';
import { parsePart, type Part, type Parted } from './days.ts';
import { DROP_LOCK, TABLE_LOCK, type Db } from './table.ts';

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
 * `partition of` that locks out nobody who reads or writes. Where all are there nobody is waited for.
 */
export async function makeParts(db: Db, of: Parted, parts: readonly Part[]): Promise<void> {
  if ((await listMissing(db, of, parts)).length === 0) return;
  await db.query('select pg_advisory_xact_lock($1)', [TABLE_LOCK]);
  for (const { name, fromMs, untilMs } of await listMissing(db, of, parts)) {
    await db.query(`create table if not exists ${name} (like ${of.table} including all)`);
    await db.query(
      `alter table ${of.table} attach partition ${name} for values from ('${formatIso(fromMs)}') to ('${formatIso(untilMs)}')`,
    );
  }
}

async function listMissing(db: Db, of: Parted, parts: readonly Part[]): Promise<Part[]> {
  const there = new Set((await loadParts(db, of)).map(({ name }) => name));
  return parts.filter(({ name }) => !there.has(name));
}

/** The same in a transaction of its own. */
export function ensureParts(db: Db, of: Parted, parts: readonly Part[]): Promise<void> {
  return inShortTransaction(db, () => makeParts(db, of, parts));
}

/**
 * Drops the parts that end at `beforeMs` or earlier; answers how many. Each is detached first, concurrently, so that nobody
 * who writes meanwhile is locked out: that waits for everybody who reads the table. What was interrupted in it is brought to its
 * end; what is still read is dropped another time. On one connection, outside of a transaction; null where somebody else is at it.
 */
export async function dropParts(db: Db, of: Parted, beforeMs: number): Promise<number | null> {
  const { rows } = await db.query('select pg_try_advisory_lock($1) as mine', [DROP_LOCK]);
  if ((rows[0] as { mine: boolean } | undefined)?.mine !== true) return null;
  try {
    for (const name of await loadNames(db, PENDING, of)) {
      await db.query(`alter table ${of.table} detach partition ${name} finalize`);
    }
    const old = (await loadParts(db, of)).filter(({ untilMs }) => untilMs <= beforeMs);
    for (const { name } of old) await db.query(`alter table ${of.table} detach partition ${name} concurrently`);
    let gone = 0;
    for (const { name, untilMs } of await loadLoose(db, of)) {
      if (untilMs <= beforeMs && (await dropLoose(db, of, name))) gone += 1;
    }
    return gone;
  } finally {
    await db.query('select pg_advisory_unlock($1)', [DROP_LOCK]);
  }
}

/** False where it is read, or was attached again meanwhile by who had a reading of that day. */
async function dropLoose(db: Db, of: Parted, name: string): Promise<boolean> {
  try {
    return await inShortTransaction(db, async () => {
      await db.query('select pg_advisory_xact_lock($1)', [TABLE_LOCK]);
      const isLoose = (await loadLoose(db, of)).some((part) => part.name === name);
      if (isLoose) await db.query(`drop table ${name}`);
      return isLoose;
    });
  } catch (error) {
    if (errorCode(error) === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}

async function inShortTransaction<T>(db: Db, work: () => Promise<T>): Promise<T> {
  await db.query('begin');
  try {
    await db.query(`set local lock_timeout = '2s'`);
    const result = await work();
    await db.query('commit');
    return result;
  } catch (error) {
    await db.query('rollback');
    throw error;
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

const PENDING = `
  select relname::text as name from pg_inherits join pg_class on pg_class.oid = inhrelid
  where inhparent = to_regclass($1) and inhdetachpending`;

const LOOSE = `
  select relname::text as name from pg_class
  where relnamespace = (select relnamespace from pg_class where oid = to_regclass($1))
    and relkind = 'r' and not relispartition and starts_with(relname::text, $1 || '_')`;

async function loadLoose(db: Db, of: Parted): Promise<Part[]> {
  return (await loadNames(db, LOOSE, of)).flatMap((name) => parsePart(of, name) ?? []);
}

async function loadNames(db: Db, sql: string, of: Parted): Promise<string[]> {
  const { rows } = await db.query(sql, [of.table]);
  return (rows as { name: string }[]).map(({ name }) => name);
}
