import { expect, test } from 'vitest';
import { READING_FLAGS } from '../../devices/reading.ts';
import { startGateway } from '../harness/gateway.ts';
import { createDatabase } from '../harness/postgres.ts';
import { until } from '../harness/until.ts';
import { openDatabase, type Database } from './world/database.ts';
import { connectDevice } from './world/device.ts';
import { makeObservations } from './world/observations-table.ts';
import { addDevice } from './world/register.ts';
import { sendVitals, type Sent } from './world/wearables.ts';

const DAY_MS = 24 * 3_600_000;
/** Made ahead of their time meanwhile. */
const AHEAD_DAYS = 3;
/** A day each, from 1970 to 2119. */
const WILD_DAYS = 1500;

const countDays = async (database: Database): Promise<number> => {
  const [row] = await database.rows<{ n: number }>(
    `select count(*)::int as n from pg_inherits where inhparent = 'observations'::regclass`,
  );
  return row?.n ?? 0;
};

test('clocks from 1970 to 2119 are kept at the time of receipt, flagged, and make no day of their own', async () => {
  const { databaseUrl } = await createDatabase();
  await makeObservations(databaseUrl);
  const gateway = await startGateway({ databaseUrl });
  const database = await openDatabase(databaseUrl);
  const device = await addDevice(gateway, { name: '孙爷爷', model: 'generic-wearable' });
  const link = await connectDevice(device);
  const stored = (count: number) =>
    until(
      async () => {
        const [row] = await database.rows<{ n: number }>('select count(*)::int as n from observations');
        return (row?.n ?? 0) >= count;
      },
      { timeoutMs: 30_000, what: `${count} rows` },
    );

  const nowMs = Date.now();
  const sane: Sent[] = [0, 10, 29].map((days) => ({ metric: 'spo2', value: 96, at: nowMs - days * DAY_MS }));
  expect(await sendVitals(link, device.deviceId, sane)).toBe(true);
  await stored(3);
  const before = await countDays(database);

  const startedMs = Date.now();
  let sent = 0;
  for (let first = 0; first < WILD_DAYS; first += 100) {
    const other = await addDevice(gateway, { model: 'generic-wearable' });
    const wild = Array.from({ length: 100 }, (_, index) => ({
      metric: 'heart-rate',
      value: 70,
      at: ((first + index) * 36.5 + 0.5) * DAY_MS,
    })).filter(({ at }) => at < nowMs - 31 * DAY_MS || at > nowMs + DAY_MS);
    expect(await sendVitals(await connectDevice(other), other.deviceId, wild)).toBe(true);
    sent += wild.length;
  }
  await stored(3 + sent);
  expect(await countDays(database)).toBeLessThanOrEqual(before + AHEAD_DAYS);
  const rows = await database.rows<{ flags: number; n: number; isNear: boolean }>(
    `select flags, count(*)::int as n, bool_and(ts between to_timestamp($1) and now() + interval '2 s') as "isNear"
     from observations where metric = 'heart-rate' group by flags`,
    [startedMs / 1000 - 1],
  );
  expect(rows).toEqual([{ flags: READING_FLAGS.clock, n: sent, isNear: true }]);
  expect(sent).toBeGreaterThan(WILD_DAYS - 5);
});
