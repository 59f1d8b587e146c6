import { expect, test } from 'vitest';
import { ContactLog } from '../../../../gateway/history/contact-log.ts';
import { createContactKeeper } from '../../../../gateway/history/contact-store.ts';
import { createLastContactChore } from '../../../../gateway/telemetry/silence/last-contact-keeper.ts';
import { loadLastContacts } from '../../../../gateway/telemetry/silence/last-contact-store.ts';
import { judgeSilent } from '../../../../gateway/telemetry/silence/silence-store.ts';
import { createLastContact } from '../../../../gateway/telemetry/last-contact.ts';
import { createDatabase } from '../../../harness/postgres.ts';
import { openPool } from '../../history/world.ts';
import { HandClock } from '../../ingest/hand-clock.ts';

const DAY = 86_400_000;

test('the database tells who reports to another gateway, and whose silence a person has closed', async () => {
  const pool = openPool((await createDatabase()).databaseUrl);
  const now = Date.now();
  for (const [device, gateway, kind, agoMs] of [
    ['mine', 'a', 'connected', 5000],
    ['theirs', 'a', 'connected', 5000],
    ['theirs', 'b', 'connected', 4000],
    ['theirs', 'a', 'missed-heartbeat', 1000],
  ] as const) {
    await pool.query(
      'insert into device_contacts (device_id, gateway_id, kind, at) values ($1, $2, $3, to_timestamp($4::float8 / 1000))',
      [device, gateway, kind, now - agoMs],
    );
  }
  const closed = async (id: string, deviceId: string, by: string, agoMs: number): Promise<void> => {
    await pool.query(
      `insert into incidents (id, version, state, type, priority, device_id, opened_at, record, audit_seq)
       values ($1, 2, 'resolved', 'silent', 4, $2, to_timestamp($3::float8 / 1000), $4, 1)`,
      [id, deviceId, now - agoMs, JSON.stringify({ resolution: { by } })],
    );
  };
  await closed('i1', 'closed', 'user:u1', 1000);
  await closed('i2', 'closed-before', 'user:u1', 20_000);
  await closed('i3', 'closed-long-ago', 'user:u1', 2 * DAY);
  await closed('i4', 'restored', 'device:restored', 1000);
  const asked = ['mine', 'theirs', 'nobodys', 'closed', 'closed-before', 'closed-long-ago', 'restored'].map(
    (deviceId) => ({ deviceId, lastMs: deviceId === 'closed-long-ago' ? now - 3 * DAY : now - 10_000 }),
  );
  const { elsewhere, told } = await judgeSilent(pool, 'a', asked, DAY);
  expect([...elsewhere]).toEqual(['theirs']);
  expect([...told]).toEqual(['closed']);
});

test('every gateway knows when a device was last heard, after a restart too, and an older moment takes no newer one’s place', async () => {
  const pool = openPool((await createDatabase()).databaseUrl);
  const clock = new HandClock();
  const begin = (gatewayId: string) => {
    const contacts = createLastContact(clock);
    return { contacts, keep: createLastContactChore({ pool, gatewayId, contacts }).run };
  };
  const [a, b] = [begin('a'), begin('b')];
  a.contacts.heard('d1', 'verified');
  a.contacts.heard('d2', 'verified');
  a.contacts.heard('stranger', 'unverified');
  const first = clock.nowMs();
  await a.keep();
  clock.advance(60_000);
  b.contacts.connected('d1', 'verified');
  await b.keep();
  await a.keep();
  expect([a.contacts.at('d1'), a.contacts.at('d2'), b.contacts.at('d2')]).toEqual([first + 60_000, first, first]);
  // It is known here at once, and what is older in the database does not hide it.
  clock.advance(1000);
  a.contacts.heard('d2', 'verified');
  expect(a.contacts.at('d2')).toBe(clock.nowMs());
  clock.wallMs -= 3_600_000;
  a.contacts.heard('d1', 'verified');
  await a.keep();
  const again = begin('a');
  await again.keep();
  expect([again.contacts.at('d1'), again.contacts.at('d2')]).toEqual([first + 60_000, first + 61_000]);
  expect(again.contacts.heardMonoMs('d1')).toBeNull();
  expect((await loadLastContacts(pool)).map(({ deviceId }) => deviceId).toSorted()).toEqual(['d1', 'd2']);
});

test('a gateway whose clock was ahead hides nobody: neither who hears a device now, nor when it was last heard', async () => {
  const pool = openPool((await createDatabase()).databaseUrl);
  const years = 10 * 365 * DAY;
  const clock = new HandClock();
  clock.wallMs = Date.now();
  const begin = (gatewayId: string) => {
    const contacts = createLastContact(clock);
    const log = new ContactLog(clock, () => 60);
    const [keep, keepLog] = [
      createLastContactChore({ pool, gatewayId, contacts }).run,
      createContactKeeper(pool, gatewayId, log),
    ];
    const hear = async (deviceId: string): Promise<void> => {
      contacts.connected(deviceId, 'verified');
      log.connected(deviceId, 'verified');
      await keep();
      await keepLog();
    };
    return { contacts, keep, hear };
  };
  const [a, b] = [begin('a'), begin('b')];
  // As an earlier release left it.
  await pool.query(`insert into device_last_contacts values ('old', 'a', now() + interval '10 years')`);
  await pool.query(
    `insert into device_contacts (device_id, gateway_id, kind, at) values ('old', 'a', 'connected', now() + interval '10 years')`,
  );
  await b.keep();
  expect(b.contacts.at('old')).toBeNull();
  await b.hear('old');
  expect([b.contacts.at('old'), begin('c').contacts.at('old')]).toEqual([clock.nowMs(), null]);
  await a.keep();
  expect(a.contacts.at('old')).toBe(clock.nowMs());

  clock.wallMs += years;
  await b.hear('d2');
  await a.hear('d2');
  const d2 = [{ deviceId: 'd2', lastMs: 0 }];
  expect([...(await judgeSilent(pool, 'b', d2, DAY)).elsewhere]).toEqual(['d2']);
  await a.hear('d1');
  clock.wallMs -= years;
  clock.advance(60_000);
  // The one that heard it knows how long ago that was; the others when the database was told.
  expect(a.contacts.at('d1')).toBe(clock.nowMs() - 60_000);
  await b.keep();
  expect(Math.abs((b.contacts.at('d1') ?? 0) - Date.now())).toBeLessThan(10 * 60_000);
  await b.hear('d1');
  const asked = ['d1', 'old'].map((deviceId) => ({ deviceId, lastMs: 0 }));
  expect([...(await judgeSilent(pool, 'b', asked, DAY)).elsewhere]).toEqual([]);
  expect([...(await judgeSilent(pool, 'a', asked, DAY)).elsewhere]).toEqual(['d1', 'old']);
});

test('what could not be kept is kept at the next time', async () => {
  const pool = openPool((await createDatabase()).databaseUrl);
  const contacts = createLastContact(new HandClock());
  const { run } = createLastContactChore({ pool, gatewayId: 'a', contacts });
  contacts.heard('d1', 'verified');
  await pool.query('alter table device_last_contacts rename to gone');
  await expect(run()).rejects.toThrow();
  await pool.query('alter table gone rename to device_last_contacts');
  await run();
  expect(await loadLastContacts(pool)).toHaveLength(1);
});
