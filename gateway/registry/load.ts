import type { Pool } from 'pg';
import { inTransaction, queryRows } from '../store/postgres.ts';
import type { RegisterRows } from './rows.ts';
import { hasNoUsers } from './writes/users.ts';

/** As long as an alarm may still come out of a journal: it belongs to whoever wore the device when it came in. */
const KEPT = '8 days';

const SQL = {
  homes: `select id, region, address, entrance, access_plan as "accessPlan" from homes order by id collate "C"`,
  residents: `select id, home_id as "homeId", name, number, birth_year as "birthYear", categories, speech, health
    from residents order by id collate "C"`,
  contacts: `select id, resident_id as "residentId", calling_order as "order", name, relation, number,
    has_key as "hasKey", minutes_away as "minutesAway", language, note,
    notice, must_not_be_told as "mustNotBeTold"
    from contacts order by resident_id collate "C", calling_order`,
  devices: `select id, model, encode(secret_sha256, 'hex') as "secretSha256",
    (extract(epoch from retired_at) * 1000)::float8 as "retiredAt" from devices order by id collate "C"`,
  bindings: `select b.device_id as "deviceId", b.number, b.home_id as "homeId", b.place,
    array(select r.resident_id from device_binding_residents r
      where r.device_id = b.device_id and r.number = b.number order by r.resident_id collate "C") as "residentIds",
    (extract(epoch from b.bound_from) * 1000)::float8 as "from", (extract(epoch from b.bound_until) * 1000)::float8 as "until"
    from device_bindings b where b.bound_until is null or b.bound_until > now() - interval '${KEPT}'
    order by b.device_id collate "C", b.number`,
  addresses: `select id::float8 as id, device_id as "deviceId", kind, receiver, value, encode(aes_key, 'hex') as key,
    heartbeat_s as "heartbeatS", (extract(epoch from confirmed_at) * 1000)::float8 as "confirmedAt",
    (extract(epoch from seen_at) * 1000)::float8 as "seenAt", (extract(epoch from ended_at) * 1000)::float8 as "endedAt"
    from device_addresses order by device_id collate "C", device_addresses.id`,
  statuses: `select resident_id as "residentId", kind, (extract(epoch from valid_from) * 1000)::float8 as "from",
    (extract(epoch from valid_until) * 1000)::float8 as "until", note,
    (extract(epoch from recorded_at) * 1000)::float8 as "recordedAt"
    from (
      select *, lead(greatest(valid_from, recorded_at)) over (
        partition by resident_id order by greatest(valid_from, recorded_at), id) as replaced_at
      from resident_statuses) s
    where replaced_at is null or replaced_at > now() - interval '${KEPT}'
    order by id`,
  limits: `select distinct on (resident_id collate "C") resident_id as "residentId", limits,
    (extract(epoch from recorded_at) * 1000)::float8 as "recordedAt", recorded_by as "recordedBy"
    from resident_limits order by resident_id collate "C", id desc`,
  users: `select id, username, name, roles, regions, epoch, password_hash as "passwordHash"
    from users order by id collate "C"`,
} as const;

const ACTION = 'load the register';

/** The whole register as of one moment. @throws StoreError */
export async function loadRows(pool: Pool, limitMs: number): Promise<RegisterRows> {
  return inTransaction(
    pool,
    ACTION,
    async (db) => {
      const read = <K extends keyof typeof SQL>(key: K) =>
        queryRows<NonNullable<RegisterRows[K]>[number]>(db, ACTION, SQL[key]);
      const revisions = await queryRows<{ revision: string }>(db, ACTION, 'select revision from register_revision');
      const keys = await queryRows<{ value: string }>(
        db,
        ACTION,
        `select value from settings where key = 'session-key'`,
      );
      return {
        revision: Number(revisions[0]?.revision ?? 0),
        homes: await read('homes'),
        residents: await read('residents'),
        contacts: await read('contacts'),
        devices: await read('devices'),
        bindings: await read('bindings'),
        addresses: await read('addresses'),
        statuses: await read('statuses'),
        limits: await read('limits'),
        users: await read('users'),
        sessionKey: keys[0]?.value ?? null,
      };
    },
    'isolation level repeatable read read only',
    limitMs,
  );
}

/** The revision alone, to see whether a reload is due. @throws StoreError */
export async function loadRevision(pool: Pool): Promise<number> {
  const rows = await queryRows<{ revision: string }>(pool, ACTION, 'select revision from register_revision');
  return Number(rows[0]?.revision ?? 0);
}

/** Whether it has what a start makes; a restored database has no key yet: sessions of before it are over. */
export function isPrepared({ users, sessionKey }: RegisterRows): boolean {
  return users.length > 0 && sessionKey !== null;
}

/** Whether there is nothing in the database, not even somebody who may log in. @throws StoreError */
export async function isBlank(pool: Pool): Promise<boolean> {
  const found = await queryRows<{ isThere: boolean }>(
    pool,
    ACTION,
    `select to_regclass('users') is not null as "isThere"`,
  );
  return found[0]?.isThere !== true || hasNoUsers(pool);
}
