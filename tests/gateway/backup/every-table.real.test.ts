import { join } from 'node:path';
import { expect, test } from 'vitest';
import { restoreBackup } from '../../../gateway/backup/restore-backup.ts';
import { writeBackup } from '../../../gateway/backup/write-backup.ts';
import { calcPart, HOURS, READINGS } from '../../../gateway/telemetry/observations/days.ts';
import { makeParts } from '../../../gateway/telemetry/observations/parts.ts';
import { makeTable } from '../../../gateway/telemetry/observations/prepare.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { openDatabase } from '../../smoke/world/database.ts';
import { openPool } from '../history/world.ts';

const AT = Date.parse('2026-11-20T08:00:00Z');

/**
 * A row for every table there is, in an order in which each finds what it refers to; null for a table that a database is
 * born with a row of. A new table belongs here: think of whether a backup may take it, and of what it means when it is older
 * than what Redis, journal and spool have.
 */
const ROWS: Readonly<Record<string, string | null>> = {
  regions: `values ('city', now())`,
  homes: `(id, region, address) values ('h1', 'city', 'a')`,
  residents: `(id, home_id, name) values ('r1', 'h1', 'n')`,
  contacts: `(id, resident_id, calling_order, name, number) values ('c1', 'r1', 1, 'n', '+8613800000000')`,
  devices: `(id, model, secret_sha256) values ('d1', 'generic-wearable', sha256('s'))`,
  device_bindings: `(device_id, number, home_id, bound_from, bound_by) values ('d1', 1, 'h1', now(), 'user:u1')`,
  device_binding_residents: `values ('d1', 1, 'r1')`,
  device_addresses: `(device_id, kind, receiver, value, aes_key, heartbeat_s, added_at, confirmed_at)
    values ('d1', 'account', 'dc09', '1234', '\\x00112233445566778899aabbccddeeff', 90, now(), now())`,
  device_contacts: `(device_id, gateway_id, kind, at) values ('d1', 'g1', 'connected', now())`,
  device_last_contacts: `values ('d1', 'g1', now())`,
  users: `(id, username, name, roles, regions, password_hash) values ('u1', 'wang', 'n', '{admin}', '{*}', 'x')`,
  settings: `values ('install', '{"a": 1}')`,
  register_revision: null,
  resident_statuses: `(resident_id, kind, valid_from, recorded_at, recorded_by) values ('r1', 'away', now(), now(), 'u1')`,
  resident_limits: `(resident_id, limits, recorded_at, recorded_by)
    values ('r1', '[{"metric": "spo2", "low": 88, "high": null}]', now(), 'user:u1')`,
  audit_chain: `values (1, now(), 'audit', '{}', sha256('0'), sha256('1'))`,
  audit_head: null,
  projector_cursor: `values ('alarms', 'l1', '1-0', now())`,
  incidents: `(id, version, state, type, priority, opened_at, record, audit_seq)
    values ('i1', 1, 'open', 'sos', 1, now(), '{}', 2)`,
  incident_log: `(audit_seq, position, entry_hash, at, type, actor, entry)
    values (3, '1-1', sha256('e'), now(), 'opened', 'system', '{}')`,
  events: `(id, audit_seq, received_at, body, salt, hash) values ('e1', 4, now(), '{}', 's', 'h')`,
  personal_texts: `(ref, audit_seq, at, said, salt, hash) values ('t1', 5, now(), '{}', 's', 'h')`,
  gateway_minutes: `(audit_seq, gateway_id, minute, up_s, is_degraded, lateness_ms) values (6, 'g1', now(), 60, false, 1)`,
  erasures: `(resident_id, erased_at, by_actor, ground, counts, incident_ids, event_ids)
    values ('r9', now(), 'user:u1', 'request', '{}', '{}', '{}')`,
  spool_cursor: `values ('s1', 17)`,
  observations: `values ('d1', 'r1', '2026-11-20T07:59:00Z', 'spo2', 96.5, 0, now())`,
  observations_hourly: `values ('r1', 'd1', 'spo2', '2026-11-20T06:00:00Z', 95, 97, 192, 2, null, null, 0, 0)`,
  observations_mark: null,
  observations_dirty: `values ('d1', 'spo2', '2026-11-20T06:00:00Z')`,
};

/** In whatever schema they stand. */
const ALL_TABLES = `
  select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'm', 'f') and not c.relispartition and n.nspname !~ '^(pg_|information_schema)'`;

test('a backup takes every table that there is, and each comes back', async () => {
  const { databaseUrl } = await createDatabase();
  const pool = openPool(databaseUrl);
  const client = await pool.connect();
  await makeTable(client, 'absent');
  await client.query('begin');
  for (const of of [READINGS, HOURS]) await makeParts(client, of, [calcPart(of, AT)]);
  await client.query('commit');
  client.release();
  const database = await openDatabase(databaseUrl);
  for (const [table, row] of Object.entries(ROWS)) if (row !== null) await database.rows(`insert into ${table} ${row}`);
  await database.rows(`update observations_mark set closing = '2026-11-20T07:00Z', done = '2026-11-20T07:00Z'`);
  await database.rows('update register_revision set revision = 42');
  await database.rows(`update audit_head set seq = 6, hash = sha256('6')`);

  const there = (await database.rows<{ name: string }>(ALL_TABLES)).map(({ name }) => name);
  // Made anew by the version that restores.
  expect(there.toSorted()).toEqual([...Object.keys(ROWS), 'schema_migrations'].toSorted());

  const path = join(await scratchDir(), 'backup.sql.gz');
  const { rows } = await writeBackup({ databaseUrl, path, actor: 'local:0', nowMs: AT });
  const counts = Object.fromEntries(Object.keys(ROWS).map((table) => [table, table === 'audit_chain' ? 2 : 1]));
  expect(rows).toEqual(counts);
  // Written behind it.
  expect(await database.rows(`delete from settings where key = 'last-backup' returning key`)).toHaveLength(1);

  const empty = await createDatabase({ migrated: false });
  await restoreBackup({ databaseUrl: empty.databaseUrl, path, actor: 'local:0', nowMs: AT, knownSeq: 0 });
  const restored = await openDatabase(empty.databaseUrl);
  // Told anew by the restoration.
  const isChanged = (table: string): boolean => table.startsWith('audit_');
  for (const table of Object.keys(ROWS).filter((name) => !isChanged(name))) {
    const text = `select t::text as text from ${table} t`;
    expect(await restored.rows(text), table).toEqual(await database.rows(text));
  }
});
