import { expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { openWire } from '../harness/wire.ts';
import { createDatabase } from '../harness/postgres.ts';
import { openDatabase } from './world/database.ts';
import { connectDevice } from './world/device.ts';
import { addDevice } from './world/register.ts';
import { metric, sendVitals, vitalsCheck, type Sent } from './world/wearables.ts';
import { makeObservations } from './world/observations-table.ts';
import { openWorld, pressAndSee } from './world/world.ts';

/** Each with a hundred readings: together more than twice the smallest spool, 1 MiB. */
const MESSAGES = 600;
const SPOOL_BYTES = 1024 * 1024;
const LOWEST = 31;

/** A minute of a wearable in a hurry: mostly heart rates, once one that is far too low, some steps, some not worn. */
function readingsOf(message: number, nowMs: number): Sent[] {
  return Array.from({ length: 100 }, (_, index) => {
    const at = nowMs - (MESSAGES - message) * 1000 + index * 10;
    if (index % 5 === 4) return { metric: 'steps', value: message * 100 + index, at };
    if (index % 5 === 3) return { metric: 'heart-rate', value: 80, at, worn: false };
    return { metric: 'heart-rate', value: message === 5 && index === 0 ? LOWEST : 70 + (index % 3), at };
  });
}

test('with the spool full the least important go, all of it is counted and said, and alarms do not notice', async () => {
  const { databaseUrl } = await createDatabase();
  await makeObservations(databaseUrl);
  const wire = await openWire(databaseUrl);
  const { gateway, feed, operator } = await openWorld({ databaseUrl: wire.url, env: { ZHUJI_SPOOL_MIB: '1' } });
  const device = await addDevice(gateway, { name: '钱奶奶', model: 'generic-wearable' });
  const link = await connectDevice(device);
  await until(async () => (await vitalsCheck(gateway)).status === 'ok', { timeoutMs: 30_000, what: 'the lane' });
  wire.set('cut');

  const nowMs = Date.now();
  for (let message = 0; message < MESSAGES; message += 20) {
    const acked = Array.from({ length: 20 }, (_, index) =>
      sendVitals(link, device.deviceId, readingsOf(message + index, nowMs)),
    );
    expect(await Promise.all(acked)).not.toContain(false);
  }
  const said = await until(
    async () => {
      const check = await vitalsCheck(gateway);
      return check.detail.includes('shed') && check;
    },
    { timeoutMs: 30_000, what: 'the check to say so' },
  );
  expect(said.status).toBe('degraded');
  const listZones = async () => {
    const own = (await operator.list()).items.filter(({ type, priority }) => type === 'system' && priority === 4);
    return Promise.all(own.map(async ({ id }) => (await operator.detail(id)).alarms[0]?.zone));
  };
  await until(async () => (await listZones()).includes('vitals-shed'), {
    timeoutMs: 30_000,
    what: 'the technical incident',
  });
  const pressed = await pressAndSee(feed, device, { type: 'sos' });
  expect(pressed.entry.type).toBe('opened');

  const counted = async (): Promise<Record<string, number>> => ({
    accepted: await metric(gateway, 'zhuji_vitals_accepted'),
    stored: await metric(gateway, 'zhuji_vitals_stored'),
    everyday: await metric(gateway, 'zhuji_vitals_shed{worth="everyday"}'),
    flagged: await metric(gateway, 'zhuji_vitals_shed{worth="flagged"}'),
    vital: await metric(gateway, 'zhuji_vitals_shed{worth="vital"}'),
    bytes: await metric(gateway, 'zhuji_vitals_spool_bytes'),
  });
  const full = await counted();
  expect(full['accepted']).toBe(MESSAGES * 100);
  expect(full['bytes']).toBeLessThanOrEqual(SPOOL_BYTES);
  expect(full['everyday']).toBeGreaterThan(1000);
  expect(full['flagged']).toBeGreaterThan(1000);

  wire.set('whole');
  await until(async () => (await metric(gateway, 'zhuji_vitals_late_seconds')) === 0, {
    timeoutMs: 30_000,
    what: 'the database to have the rest',
  });
  const done = await until(
    async () => {
      const now = await counted();
      const lost = (now['everyday'] ?? 0) + (now['flagged'] ?? 0) + (now['vital'] ?? 0);
      return (now['stored'] ?? 0) + lost === now['accepted'] && now;
    },
    { timeoutMs: 30_000, what: 'every reading to be stored or counted as lost' },
  );
  const database = await openDatabase(databaseUrl);
  const [found] = await database.rows<{ rows: number; lowest: number }>(
    `select count(*)::int as rows, min(value) filter (where metric = 'heart-rate') as lowest from observations`,
  );
  expect(found).toEqual({ rows: done['stored'], lowest: LOWEST });
});
