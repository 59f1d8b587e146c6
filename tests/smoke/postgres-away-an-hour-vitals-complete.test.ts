import { expect, test } from 'vitest';
import { createDatabase } from '../harness/postgres.ts';
import { until } from '../harness/until.ts';
import { openWire } from '../harness/wire.ts';
import { openDatabase } from './world/database.ts';
import { connectDevice } from './world/device.ts';
import { addDevice } from './world/register.ts';
import { timeMachine } from './world/time-machine.ts';
import { metric, sendVitals, vitalsCheck } from './world/wearables.ts';
import { makeObservations } from './world/observations-table.ts';
import { openWorld, pressAndSee } from './world/world.ts';

const WEARABLES = 5;
const MINUTE_MS = 60_000;
/** The hour in leaps; before each, every wearable says what it has measured every ten seconds since the last. */
const LEAPS = 6;
const LEAP_MS = 10 * MINUTE_MS;
const EVERY_MS = 10_000;

test('an hour without PostgreSQL leaves no gap in anybody\u2019s vital signs', async () => {
  const { databaseUrl } = await createDatabase();
  await makeObservations(databaseUrl);
  const wire = await openWire(databaseUrl);
  const time = await timeMachine('both');
  const { gateway, feed } = await openWorld({ databaseUrl: wire.url, env: time.env });
  const people = await Promise.all(
    Array.from({ length: WEARABLES }, (_, index) =>
      addDevice(gateway, { name: `老人${index}`, model: 'generic-wearable' }),
    ),
  );
  const links = await Promise.all(people.map((device) => connectDevice(device)));
  const startedMs = time.nowMs();
  let sent = 0;
  const speak = async (fromMs: number, toMs: number): Promise<void> => {
    for (const [index, link] of links.entries()) {
      const readings = [];
      for (let at = fromMs; at < toMs; at += EVERY_MS) {
        readings.push({ metric: 'heart-rate', value: 60 + (sent % 40), at }, { metric: 'spo2', value: 96, at });
        sent += 2;
      }
      expect(await sendVitals(link, people[index]?.deviceId ?? '', readings)).toBe(true);
    }
  };
  await until(async () => (await vitalsCheck(gateway)).status === 'ok', { timeoutMs: 30_000, what: 'the lane' });
  await speak(startedMs - LEAP_MS, startedMs);
  await until(async () => (await metric(gateway, 'zhuji_vitals_stored')) === sent, {
    timeoutMs: 30_000,
    what: 'the first readings',
  });

  wire.set('cut');
  for (let leap = 0; leap < LEAPS; leap += 1) {
    await time.fastForward(LEAP_MS);
    await speak(startedMs + leap * LEAP_MS, startedMs + (leap + 1) * LEAP_MS);
  }
  const check = await until(
    async () => {
      const now = await vitalsCheck(gateway);
      return now.status === 'degraded' && now;
    },
    { timeoutMs: 30_000, what: 'the check to say so' },
  );
  expect(check.detail).toMatch(/not stored for \d{3,} s/);
  const pressed = await pressAndSee(feed, people[0] ?? raise(), { type: 'sos' });
  expect(pressed.incident.residentId).toBe(people[0]?.residentId);

  wire.set('whole');
  await until(async () => (await metric(gateway, 'zhuji_vitals_stored')) === sent, {
    timeoutMs: 30_000,
    what: 'all of the hour',
  });
  const database = await openDatabase(databaseUrl);
  const rows = await database.rows<{ residentId: string; metric: string; n: number; gaps: number; flags: number }>(
    `select resident_id as "residentId", metric, count(*)::int as n, max(flags)::int as flags,
       count(*) filter (where step > interval '10 s')::int as gaps
     from (select *, ts - lag(ts) over (partition by device_id, metric order by ts) as step from observations) as all_of_them
     group by 1, 2 order by 1, 2`,
  );
  const each = ((LEAPS + 1) * LEAP_MS) / EVERY_MS;
  expect(rows).toEqual(
    people
      .map(({ residentId }) => residentId ?? '')
      .toSorted((a, b) => (a < b ? -1 : 1))
      .flatMap((residentId) =>
        ['heart-rate', 'spo2'].map((name) => ({ residentId, metric: name, n: each, gaps: 0, flags: 0 })),
      ),
  );
  expect(await metric(gateway, 'zhuji_vitals_shed{worth="vital"}')).toBe(0);
  await until(async () => (await vitalsCheck(gateway)).status === 'ok', { timeoutMs: 30_000, what: 'all to be well' });
});

function raise(): never {
  throw new Error('nobody is there');
}
