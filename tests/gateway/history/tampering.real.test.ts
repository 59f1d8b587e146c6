import { beforeAll, describe, expect, test } from 'vitest';
import { INCIDENT_KEYS } from '../../../gateway/incidents/keys.ts';
import { openTold, TABLES } from './told.ts';

/** Who may write every table, and computes nothing anew. */

/** Columns that nothing reads in order to tell something, and what is by design not in the chain. */
const UNPROVEN: readonly string[] = [
  'audit_head.at',
  'audit_head.only_row',
  'events.resident_id',
  'events.erased_at',
  'personal_texts.erased_at',
  'erasures.id',
  'erasures.redis_done_at',
  'erasures.observations_done_at',
];

/** Of a table that has more of them, so many rows are tried, spread over all. */
const ROWS = 5;

/** What is done to a value, by its type in PostgreSQL. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  text: [`coalesce(%, '') || 'x'`, 'null'],
  bigint: ['% - 1000', '% + 1000', '0', '-9', '9000000000000000000'],
  integer: ['% - 1', '% + 1'],
  smallint: ['% - 1', '% + 1'],
  boolean: ['not %'],
  bytea: [`sha256('x')`],
  ARRAY: [`% || '{x}'::text[]`, `'{}'`],
  'timestamp with time zone': [
    `coalesce(%, now()) - interval '1 ms'`,
    `coalesce(%, now()) + interval '9 years'`,
    'null',
  ],
};

let world: Awaited<ReturnType<typeof openTold>>;
beforeAll(async () => {
  world = await openTold();
});

test('that nobody touched has no fault', async () => {
  expect(await world.verify()).toEqual([]);
  for (const { incident } of [world.kept, world.erased, world.lost, world.young]) {
    expect(await world.ofCase(incident.id)).toEqual([]);
  }
});

describe.each(TABLES)('In %s', (table) => {
  test('a change of any column is found', async () => {
    const columns = await world.rows<{ name: string; type: string }>(
      `select column_name as name, data_type as type from information_schema.columns where table_name = '${table}'`,
    );
    const places = await world.rows<{ ctid: string }>(`select ctid::text from ${table}`);
    const missed: string[] = [];
    let tried = 0;
    for (const { name, type } of columns.filter((column) => !UNPROVEN.includes(`${table}.${column.name}`))) {
      for (const change of CHANGES[type] ?? []) {
        for (let n = 0; n < places.length; n += Math.ceil(places.length / ROWS)) {
          const becomes = change.replaceAll('%', name);
          const row = `(select ctid from ${table} order by ${table}::text offset ${n} limit 1)`;
          const [same] = await world.rows<{ same: boolean }>(
            `select (${name} is not distinct from (${becomes})) as same from ${table} where ctid = ${row}`,
          );
          if (same?.same === true) continue;
          const found = await world.tamper(
            [`update ${table} set ${name} = ${becomes} where ctid = ${row}`],
            [table],
            'none',
          );
          if (found === null) continue;
          tried += 1;
          if (found.whole.length === 0) missed.push(`${name} = ${change} (row ${n})`);
        }
      }
    }
    expect(tried).toBeGreaterThan(0);
    expect(missed).toEqual([]);
  });

  test('a row that is removed is found', async () => {
    const rows = await world.rows(`select from ${table}`);
    for (let n = 0; n < rows.length; n += 1) {
      const row = `(select ctid from ${table} order by ${table}::text offset ${n} limit 1)`;
      const found = await world.tamper([`delete from ${table} where ctid = ${row}`], [table], 'none');
      expect(found?.whole.length, `row ${n}`).toBeGreaterThan(0);
    }
  });
});

/** Of `kept`, which is whole, and of `young`, which is behind the retention. `K`, `Y`, `E`: ids of kept, young and erased. */
const ATTACKS: readonly (readonly [what: string, sql: readonly string[], whole: string, ofCase: string | null])[] = [
  [
    'a step is called a note and its line removed',
    [
      `update audit_chain set kind = 'audit' where seq = (select min(audit_seq) from incident_log where incident_id = 'K')`,
      `delete from incident_log where audit_seq = (select min(audit_seq) from incident_log where incident_id = 'K')`,
    ],
    'row-missing',
    // The case knows of it no longer: this is for `zhuji audit verify`.
    null,
  ],
  [
    'an alarm is called a note and its frame removed',
    [
      `update audit_chain set kind = 'audit' where seq = (select audit_seq from events where incident_id = 'K')`,
      `delete from events where incident_id = 'K'`,
    ],
    'row-missing',
    'row-missing',
  ],
  [
    'a frame is hidden from its case',
    [`update events set incident_id = null where incident_id = 'K'`],
    'row-changed',
    'row-changed',
  ],
  [
    'a frame is given to another case',
    [`update events set incident_id = 'E' where incident_id = 'K'`],
    'row-changed',
    'row-changed',
  ],
  [
    'a frame is emptied as if it were old',
    [
      `update events set body = null, salt = null, erased_at = now(), erased_why = 'retention',
         received_at = received_at - interval '9 years' where incident_id = 'Y'`,
    ],
    'row-changed',
    'row-changed',
  ],
  [
    'a frame is emptied as if it were of an erased case',
    [
      `update events set body = null, salt = null, erased_at = now(), erased_why = 'erasure', incident_id = 'E'
       where incident_id = 'Y'`,
    ],
    'row-changed',
    'row-changed',
  ],
  [
    'words are emptied as if they were old',
    [
      `update personal_texts set said = null, salt = null, erased_at = now(), erased_why = 'retention',
         at = at - interval '9 years' where incident_id = 'Y'`,
    ],
    'row-changed',
    'row-changed',
  ],
  [
    'words are emptied as if Redis had lost them',
    [
      `update personal_texts set said = null, salt = null, erased_at = now(), erased_why = 'missing' where incident_id = 'Y'`,
    ],
    'erased-without-trace',
    'erased-without-trace',
  ],
  [
    'a retention is stretched over a frame',
    [
      `update audit_chain set entry = regexp_replace(entry, '"before":"....', '"before":"2999')
       where kind = 'retention' and entry like '%"events"%'`,
      `update events set body = null, salt = null, erased_at = now(), erased_why = 'retention' where incident_id = 'Y'`,
    ],
    'changed',
    'erased-without-trace',
  ],
  [
    'an erasure is put before the first entry, and a frame emptied by it',
    [
      `insert into audit_chain select -5, at, kind, replace(entry, 'E', 'Y'), prev,
         sha256(prev || convert_to(replace(entry, 'E', 'Y'), 'UTF8')) from audit_chain where kind = 'erasure'`,
      `update events set body = null, salt = null, erased_at = now(), erased_why = 'erasure' where incident_id = 'Y'`,
    ],
    'erased-without-trace',
    'erased-without-trace',
  ],
  [
    'an entry and its hash are changed, and the line with them',
    [
      `update audit_chain set entry = replace(entry, 'user:u1', 'user:u2')
       where seq = (select max(audit_seq) from incident_log where incident_id = 'K')`,
      `update audit_chain set hash = sha256(prev || convert_to(entry, 'UTF8'))
       where seq = (select max(audit_seq) from incident_log where incident_id = 'K')`,
      `update incident_log set actor = 'user:u2', entry = replace(entry, 'user:u1', 'user:u2'),
         entry_hash = sha256(convert_to(replace(entry, 'user:u1', 'user:u2'), 'UTF8'))
       where audit_seq = (select max(audit_seq) from incident_log where incident_id = 'K')`,
    ],
    'unlinked',
    'unlinked',
  ],
  ...[-7, 0, 9_000_000_000_000_000].map(
    (seq) =>
      [
        `a line is put in as entry ${seq}`,
        [
          `insert into incident_log select ${seq}, 'x', entry_hash, incident_id, at, type, actor, ref, entry
           from incident_log where incident_id = 'K' limit 1`,
        ],
        'row-foreign',
        'row-foreign',
      ] as const,
  ),
  [
    'a frame is put in',
    [
      `insert into events select 'x', -7, incident_id, device_id, resident_id, received_at, body, salt, hash, erased_at, erased_why
       from events where incident_id = 'Y'`,
    ],
    'row-foreign',
    'row-foreign',
  ],
  [
    'a case is put in',
    [
      `insert into incidents select 'x', version, state, type, priority, region, home_id, resident_id, device_id, candidates,
         opened_at, closed_at, record, audit_seq from incidents where id = 'K'`,
    ],
    'row-changed',
    null,
  ],
  [
    'an erasure is told that nobody ordered',
    [
      `insert into erasures (resident_id, erased_at, by_actor, ground, counts, incident_ids, event_ids)
       values ('r-2', now(), 'user:u9', 'x', '{}', '{K}', '{}')`,
    ],
    'row-foreign',
    'row-foreign',
  ],
  [
    'a minute is put in',
    [`insert into gateway_minutes values (-3, 'g', now(), 60, false, 0, '{}')`],
    'row-foreign',
    null,
  ],
];

test.each(ATTACKS)('%s: it is found', async (_what, statements, whole, ofCase) => {
  const [kept, young, erased] = [world.kept, world.young, world.erased].map(({ incident }) => incident.id);
  const sql = statements.map((text) =>
    text
      .replaceAll("'K'", `'${kept}'`)
      .replaceAll("'{K}'", `'{${kept}}'`)
      .replaceAll("'Y'", `'${young}'`)
      .replaceAll("'E'", `'${erased}'`),
  );
  const id = statements.some((text) => text.includes("'Y'")) ? young : kept;
  const found = await world.tamper(sql, TABLES, id ?? '');
  expect(found?.whole).toContain(whole);
  if (ofCase !== null) expect(found?.ofCase).toContain(ofCase);
  expect(await world.verify()).toEqual([]);
});

test('a case that is put back to an earlier version is found, wherever its row says that it stands', async () => {
  const { id } = world.kept.incident;
  const steps = await world.rows<{ seq: number }>(
    `select audit_seq::int as seq from incident_log where incident_id = $1 order by 1`,
    [id],
  );
  const records = (await world.redis.xrange(INCIDENT_KEYS.log, '-', '+'))
    .map(([, fields]) => fields[3] ?? '')
    .filter((record) => record.includes(id));
  for (const [n, record] of records.slice(0, 3).entries()) {
    for (const seq of [steps[n]?.seq, 0]) {
      const { version, state } = JSON.parse(record) as { version: number; state: string };
      const sql = `update incidents set version = ${version}, state = '${state}', closed_at = null, audit_seq = ${seq},
        record = '${record}' where id = '${id}'`;
      const found = await world.tamper([sql], ['incidents'], id);
      expect(found?.whole).toContain('row-changed');
      expect(found?.ofCase).toContain('row-changed');
    }
  }
});
