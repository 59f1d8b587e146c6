import type { Pool } from 'pg';
import { inTransaction, queryRows } from '../store/postgres.ts';
import type { RegisterRows } from './rows.ts';

const SQL = {
  homes: `select id, region, address, entrance, access_plan as "accessPlan" from homes order by id collate "C"`,
  residents: `select id, home_id as "homeId", name, number, birth_year as "birthYear", categories, speech, health
    from residents order by id collate "C"`,
  contacts: `select id, resident_id as "residentId", calling_order as "order", name, relation, number,
    has_key as "hasKey", minutes_away as "minutesAway", language, note,
    notice, must_not_be_told as "mustNotBeTold"
    from contacts order by resident_id collate "C", calling_order`,
  devices: `select id, model, home_id as "homeId", place, encode(secret_sha256, 'hex') as "secretSha256",
    (extract(epoch from retired_at) * 1000)::float8 as "retiredAt" from devices order by id collate "C"`,
  bindings: `select device_id as "deviceId", resident_id as "residentId" from device_residents
    where bound_until is null order by device_id collate "C", resident_id collate "C"`,
  users: `select id, username, name, roles, regions, epoch, password_hash as "passwordHash"
    from users order by id collate "C"`,
} as const;

const ACTION = 'load the register';

/** The whole register as of one moment. @throws StoreError */
export async function loadRows(pool: Pool): Promise<RegisterRows> {
  return inTransaction(
    pool,
    ACTION,
    async (db) => {
      const read = <K extends keyof typeof SQL>(key: K) => queryRows<RegisterRows[K][number]>(db, ACTION, SQL[key]);
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
        users: await read('users'),
        sessionKey: keys[0]?.value ?? null,
      };
    },
    'isolation level repeatable read read only',
  );
}

/** The revision alone, to see whether a reload is due. @throws StoreError */
export async function loadRevision(pool: Pool): Promise<number> {
  const rows = await queryRows<{ revision: string }>(pool, ACTION, 'select revision from register_revision');
  return Number(rows[0]?.revision ?? 0);
}
