import { expect, test } from 'vitest';
import { createDatabase } from '../harness/postgres.ts';
import { until } from '../harness/until.ts';
import { openWire } from '../harness/wire.ts';
import { pressOnce } from '../smoke/world/press.ts';
import { openDatabase } from '../smoke/world/database.ts';
import { addDevice } from '../smoke/world/register.ts';
import { resolvedIncident } from '../gateway/incidents/build.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { seedReadings } from './world/seed-readings.ts';
import { openSite } from './world/site.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Cases as the long memory has them: a fall of long ago, and so many of others since that no console holds it. */
async function keepCases(databaseUrl: string, residentId: string | null, openedAt: number): Promise<void> {
  const database = await openDatabase(databaseUrl);
  const records = Array.from({ length: 205 }, (_, n) =>
    n === 0
      ? resolvedIncident({ residentId, type: 'fall', types: ['fall'], openedAt })
      : resolvedIncident({ openedAt: openedAt + n * MINUTE }),
  );
  await database.rows(
    `insert into incidents (id, version, state, type, priority, resident_id, opened_at, record, audit_seq)
     select r ->> 'id', 1, 'resolved', r ->> 'type', 1, r ->> 'residentId', to_timestamp((r ->> 'openedAt')::float8 / 1000),
       r::text, 1
     from unnest($1::json[]) as r`,
    [records.map((record) => JSON.stringify(record))],
  );
}

test('readings and cases of the database are charted; with Postgres away the page says so, and the next press rings', async (context) => {
  const { databaseUrl } = await createDatabase();
  const wire = await openWire(databaseUrl);
  const { gateway, addPerson } = await openSite({ databaseUrl: wire.url });
  const { residentId, ...device } = await addDevice(gateway, { name: '张奶奶', model: 'generic-wearable' });
  const now = Date.now();
  await seedReadings(
    databaseUrl,
    Array.from({ length: 200 }, (_, ago) => ({
      deviceId: device.deviceId,
      residentId,
      ts: now - ago * MINUTE,
      receivedAt: now - ago * MINUTE,
      metric: 'spo2',
      value: ago < 10 ? 86 : 96,
      flags: ago > 150 ? 2 : 0,
    })),
  );
  await keepCases(databaseUrl, residentId, now - 40 * DAY);
  const browser = await launchChromium(context);
  const { page, row } = await openConsole(browser, gateway, await addPerson('li'));
  await pressOnce(device, { type: 'sos' });
  await page.locator('.panel').waitFor();
  await page.locator('.plot canvas').first().waitFor({ timeout: 30_000 });
  expect(await page.locator('.strip-head[data-metric=spo2]').innerText()).toContain('86 % below the limit');
  await page.locator('.readings summary').press('Enter');
  const rows = await page.locator('.readings tbody tr').allInnerTexts();
  expect(rows.some((text) => text.includes('96'))).toBe(true);
  expect(rows.some((text) => text.includes('✕'))).toBe(true);
  expect(rows.some((text) => text.includes('Alarm: Fall'))).toBe(false);
  // Over 90 days the fall of then stands on the axis, although no console holds that case any more.
  // Its readings are asked for first, and nothing else until they are answered.
  const beside: string[] = [];
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
  await page.route('**/observations?*', async (route) => {
    await mayAnswer;
    await route.continue();
  });
  page.on('request', (request) => {
    if (/\/residents\/[^/]+\/incidents\?/.test(request.url())) beside.push(request.url());
  });
  const isAsked = page.waitForRequest(/\/observations\?/);
  await page.locator('.segments button', { hasText: '90 days' }).press('Enter');
  await isAsked;
  expect(beside).toEqual([]);
  answer();
  const alarms = page.locator('.readings tr[data-kind=alarm]', { hasText: 'Alarm: Fall' });
  await alarms.waitFor({ timeout: 30_000 });
  expect(await alarms.count()).toBe(1);
  expect(beside.length).toBeGreaterThan(0);

  wire.set('cut');
  await page.locator('.segments button').nth(1).press('Enter');
  await page.locator('.vitals [role=status]', { hasText: 'alarms are unaffected' }).waitFor({ timeout: 30_000 });
  await page.locator('.vitals .warning', { hasText: 'Earlier alarms cannot be read' }).waitFor({ timeout: 30_000 });
  await pressOnce(device, { type: 'fall' });
  await until(async () => (await row('张奶奶').first().innerText()).includes('2 alarms'), {
    timeoutMs: 30_000,
    what: 'the second fall to be shown',
  });
});
