import { formatIso } from '../clock.ts';
import { rebindDevice } from '../registry/writes/bindings.ts';
import { ZhujiError } from '../errors.ts';
import { queryRows, type Queryable } from '../store/postgres.ts';
import { draftAudit } from './audit-entry.ts';
import { lockChain } from './chain-store.ts';
import { endStoring } from './erase-observations.ts';
import { findErasureScope } from './erase-scope.ts';

const ACTION = 'erase a person';
/** What stands where a name or an address was. */
const ERASED_WORDS = '已删除 (erased)';

/**
 * - `not-found`: there is no such resident
 * - `open-incident`: a case of theirs is open; close it first
 */
export class ErasureError extends ZhujiError {
  declare readonly code: 'not-found' | 'open-incident';

  constructor(code: 'not-found' | 'open-incident', residentId: string) {
    super(code, code === 'not-found' ? `there is no resident ${residentId}` : `${residentId} has an open case`);
  }
}

export type ErasureOrder = {
  readonly residentId: string;
  /** As the log names who asked for it. */
  readonly by: string;
  /** Kept for ever in the chain: a law or a request, without names. */
  readonly ground: string;
  readonly nowMs: number;
};

/** How much was taken away of each kind; vital signs are counted when they go. */
export type ErasureCounts = {
  readonly incidents: number;
  readonly frames: number;
  readonly texts: number;
  readonly contacts: number;
  readonly notes: number;
  readonly homes: number;
  readonly devices: number;
  /** Telephone numbers of devices. */
  readonly numbers: number;
};

/**
 * Takes everything personal of a resident out of the tables and says so in the chain; ids, codes and hashes stay. Inside one
 * transaction. Their readings go behind it (`erase-observations.ts`).
 * @throws ErasureError, StoreError
 */
export async function eraseRows(db: Queryable, order: ErasureOrder): Promise<ErasureCounts> {
  const { residentId, by, ground, nowMs } = order;
  const run = <Row>(sql: string, values: readonly unknown[]) => queryRows<Row>(db, ACTION, sql, values);
  const at = formatIso(nowMs);
  const chain = await lockChain(db);
  const [resident] = await run<{ homeId: string }>('select home_id as "homeId" from residents where id = $1', [
    residentId,
  ]);
  if (resident === undefined) throw new ErasureError('not-found', residentId);
  const open = await run(
    `select 1 from incidents where state <> 'resolved' and (resident_id = $1 or candidates @> array[$1]) limit 1`,
    [residentId],
  );
  if (open.length > 0) throw new ErasureError('open-incident', residentId);

  const { incidentIds, eventIds, keptEventIds, isOpen } = await findErasureScope(db, residentId);
  if (isOpen) throw new ErasureError('open-incident', residentId);
  const frames = await run(
    `update events set body = null, salt = null, erased_at = $3, erased_why = 'erasure'
     where body is not null and ((incident_id = any($1) and id <> all($4)) or id = any($2)) returning 1`,
    [incidentIds, eventIds, at, keptEventIds],
  );
  const texts = await run(
    `update personal_texts set said = null, salt = null, erased_at = $2, erased_why = 'erasure'
     where said is not null and incident_id = any($1) returning 1`,
    [incidentIds, at],
  );
  const contacts = await run('delete from contacts where resident_id = $1 returning 1', [residentId]);
  const notes = await run(
    'update resident_statuses set note = null where resident_id = $1 and note is not null returning 1',
    [residentId],
  );
  await run('delete from resident_limits where resident_id = $1', [residentId]);
  const devices = await unbind(db, order);
  await run(
    `update residents set name = $2, number = null, birth_year = null, categories = '{}', speech = null, health = null
     where id = $1`,
    [residentId, ERASED_WORDS],
  );
  const homes = await eraseHome(db, resident.homeId, residentId);
  const numbers = await run(NUMBERS, [residentId, homes === 0 ? null : resident.homeId, resident.homeId]);
  const counts: ErasureCounts = {
    incidents: incidentIds.length,
    frames: frames.length,
    texts: texts.length,
    contacts: contacts.length,
    notes: notes.length,
    homes,
    devices,
    numbers: numbers.length,
  };
  const told = { residentId, by, ground, incidentIds, eventIds, keptEventIds, counts };
  await chain.append([draftAudit('erasure', nowMs, told)]);
  await run(
    `insert into erasures (resident_id, erased_at, by_actor, ground, counts, incident_ids, event_ids)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [residentId, at, by, ground, JSON.stringify(counts), incidentIds, eventIds],
  );
  // The last of all: whoever stores readings waits from here to the end.
  await endStoring(db);
  return counts;
}

/**
 * Numbers of devices that they ever had, or that hang in their home where nobody else lives, go; but not where somebody else has
 * the device now, or had it last, or lives in another home where it hangs now: the number is as much theirs. Whatever calls from
 * there is a stranger then, and rings.
 */
const NUMBERS = `
  delete from device_addresses where kind = 'number'
    and (device_id in (select device_id from device_binding_residents where resident_id = $1)
      or device_id in (select device_id from device_bindings where home_id = $2 and bound_until is null))
    and not exists (
      select from device_binding_residents as other
      where other.device_id = device_addresses.device_id and other.resident_id <> $1
        and other.number = (select max(b.number) from device_bindings as b where b.device_id = other.device_id)
        and not exists (select from erasures where erasures.resident_id = other.resident_id))
    and not exists (
      select from device_bindings as b join residents as other on other.home_id = b.home_id
      where b.device_id = device_addresses.device_id and b.bound_until is null and b.home_id <> $3
        and not exists (select from erasures where erasures.resident_id = other.id))
  returning 1`;

/** Their devices are theirs no longer; they stay where they hang, and ring. Answers how many. */
async function unbind(db: Queryable, { residentId, by, nowMs }: ErasureOrder): Promise<number> {
  const bound = await queryRows<{ deviceId: string; homeId: string | null; others: string[] }>(
    db,
    ACTION,
    `select b.device_id as "deviceId", b.home_id as "homeId",
       array(select o.resident_id from device_binding_residents o
         where o.device_id = b.device_id and o.number = b.number and o.resident_id <> $1) as others
     from device_bindings b
     join device_binding_residents r on r.device_id = b.device_id and r.number = b.number
     join devices on devices.id = b.device_id and devices.retired_at is null
     where b.bound_until is null and r.resident_id = $1`,
    [residentId],
  );
  for (const { deviceId, homeId, others } of bound) {
    await rebindDevice(db, deviceId, { homeId, residentIds: others }, { nowMs, actor: by });
  }
  return bound.length;
}

/** The address goes where nobody else lives who is not erased. */
async function eraseHome(db: Queryable, homeId: string, residentId: string): Promise<number> {
  const emptied = await queryRows(
    db,
    ACTION,
    `update homes set address = $3, entrance = null, access_plan = null
     where id = $1 and not exists (
       select from residents where home_id = $1 and id <> $2
       and not exists (select from erasures where erasures.resident_id = residents.id))
     returning 1`,
    [homeId, residentId, ERASED_WORDS],
  );
  if (emptied.length > 0) {
    await queryRows(db, ACTION, 'update device_bindings set place = null where home_id = $1', [homeId]);
  }
  return emptied.length;
}
