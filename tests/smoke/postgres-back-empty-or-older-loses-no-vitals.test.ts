import { expect, test } from 'vitest';
import type { Check, Ready } from '../../gateway/api/contract/feed.ts';
import { calcPart, READINGS } from '../../gateway/telemetry/observations/days.ts';
import { createDatabase } from '../harness/postgres.ts';
import { until } from '../harness/until.ts';
import { openWire } from '../harness/wire.ts';
import { openDatabase } from './world/database.ts';
import { connectDevice } from './world/device.ts';
import { addDevice } from './world/register.ts';
import { metric, sendVitals, vitalsCheck } from './world/wearables.ts';
import { openWorld, pressAndSee } from './world/world.ts';

const HOUR_MS = 3_600_000;
/** Of one message, an hour apart, so that some lie on the day before. */
const READINGS_EACH = 30;

test('a PostgreSQL that comes back empty, and then as it was days ago, gets every reading that was acknowledged', async () => {
  const { databaseUrl, keep, empty } = await createDatabase();
  const wire = await openWire(databaseUrl);
  const { gateway, feed } = await openWorld({ databaseUrl: wire.url });
  const device = await addDevice(gateway, { name: '孙奶奶', model: 'generic-wearable' });
  const checkOf = async (name: string): Promise<Check | undefined> =>
    ((await (await fetch(`${gateway.httpUrl}/readyz`)).json()) as Ready).checks[name];
  const untilCheck = (name: string, status: Check['status'], word = '') =>
    until(
      async () => {
        const check = await checkOf(name);
        return check?.status === status && (check.detail ?? '').includes(word);
      },
      { timeoutMs: 30_000, what: `${name} to be ${status} ${word}`, everyMs: 200 },
    );
  await untilCheck('observations', 'ok');
  await untilCheck('vitals', 'ok');
  const nowMs = Date.now();
  const before = await openDatabase(databaseUrl);
  await before.rows(`drop table ${calcPart(READINGS, nowMs).name}`);
  const restore = await keep();

  const link = await connectDevice(device);
  let sent = 0;
  const speak = async (): Promise<void> => {
    const readings = Array.from({ length: READINGS_EACH }, (_, hour) => {
      sent += 1;
      return { metric: 'heart-rate', value: 60 + (sent % 40), at: nowMs - hour * HOUR_MS + sent };
    });
    expect(await sendVitals(link, device.deviceId, readings)).toBe(true);
  };
  await speak();
  await until(async () => (await metric(gateway, 'zhuji_vitals_stored')) === sent, {
    timeoutMs: 30_000,
    what: 'the first readings to be stored',
  });

  wire.set('cut');
  await speak();
  await empty();
  wire.set('whole');
  await untilCheck('postgres', 'degraded', 'database-empty');
  await speak();
  const pressed = await pressAndSee(feed, device, { type: 'sos' });
  expect(pressed.incident).toMatchObject({ residentId: device.residentId, flags: [] });
  const other = await openDatabase(databaseUrl);
  expect(await other.rows(`select from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);

  await restore();
  const restored = await openDatabase(databaseUrl);
  await until(
    async () => {
      const [found] = await restored.rows<{ n: number }>('select count(*)::int as n from observations');
      return found?.n === sent;
    },
    { timeoutMs: 30_000, what: 'all that was acknowledged', everyMs: 200 },
  );
  for (const name of ['postgres', 'observations', 'vitals']) await untilCheck(name, 'ok');
  expect(await metric(gateway, 'zhuji_vitals_put_aside')).toBe(0);
  expect(await metric(gateway, 'zhuji_vitals_shed{worth="vital"}')).toBe(0);
  expect((await vitalsCheck(gateway)).detail).not.toContain('put aside');
});
