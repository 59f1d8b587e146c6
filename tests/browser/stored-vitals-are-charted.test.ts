import { expect, test } from 'vitest';
import { createDatabase } from '../harness/postgres.ts';
import { until } from '../harness/until.ts';
import { openWire } from '../harness/wire.ts';
import { pressOnce } from '../smoke/world/press.ts';
import { addDevice } from '../smoke/world/register.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { seedReadings } from './world/seed-readings.ts';
import { openSite } from './world/site.ts';

const MINUTE = 60_000;

test('readings of the database are charted; with Postgres away the page says so, and the next press rings', async (context) => {
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
  const browser = await launchChromium(context);
  const { page, row } = await openConsole(browser, gateway, await addPerson('li'));
  await pressOnce(device, { type: 'sos' });
  await page.locator('.panel').waitFor();
  await page.locator('.plot canvas').first().waitFor({ timeout: 15_000 });
  expect(await page.locator('.strip-head[data-metric=spo2]').innerText()).toContain('86 % below the limit');
  await page.locator('.readings summary').press('Enter');
  const rows = await page.locator('.readings tbody tr').allInnerTexts();
  expect(rows.some((text) => text.includes('96'))).toBe(true);
  expect(rows.some((text) => text.includes('✕'))).toBe(true);

  wire.set('cut');
  await page.locator('.segments button').nth(1).press('Enter');
  await page.locator('.vitals [role=status]', { hasText: 'alarms are unaffected' }).waitFor({ timeout: 20_000 });
  await pressOnce(device, { type: 'fall' });
  await until(async () => (await row('张奶奶').innerText()).includes('pressed 2 times'), {
    timeoutMs: 10_000,
    what: 'the second press to be shown',
  });
});
