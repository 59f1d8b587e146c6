import { expect, test } from 'vitest';
import { connectDevice } from '../smoke/world/device.ts';
import { addDevice } from '../smoke/world/register.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { openSite } from './world/site.ts';

test('a vital sign beyond its limit says why in the queue, in the alarms and in the log', async (context) => {
  const { gateway, addPerson } = await openSite();
  const li = await addPerson('li');
  const device = await addDevice(gateway, { name: '蒋奶奶', model: 'generic-wearable' });
  const { page, row, faults } = await openConsole(await launchChromium(context), gateway, li);
  const link = await connectDevice(device);
  const measure = async (value: number, agoMs: number): Promise<void> => {
    const readings = [{ metric: 'spo2', value, at: Date.now() - agoMs }];
    await link.publish(`zj/v1/${device.deviceId}/vitals`, { readings });
  };
  for (const [value, agoMs] of [
    [90, 130_000],
    [88, 90_000],
    [86, 60_000],
  ] as const)
    await measure(value, agoMs);

  await row('蒋奶奶').locator('.reason', { hasText: 'SpO2 86 % for 1 min, limit 92' }).waitFor({ timeout: 30_000 });
  await page.locator('#panel-heading', { hasText: '蒋奶奶' }).waitFor({ timeout: 30_000 });
  const said = page.locator('.lines .said', { hasText: 'SpO2 86 % for 1 min, limit 92' });
  await said.nth(1).waitFor({ timeout: 30_000 });
  expect(await said.count()).toBe(2);

  // Much worse, three times: the row tells the newest.
  for (const [value, agoMs] of [
    [80, 40_000],
    [79, 20_000],
    [78, 5_000],
  ] as const)
    await measure(value, agoMs);
  await row('蒋奶奶').locator('.reason', { hasText: 'SpO2 78 %' }).waitFor({ timeout: 30_000 });
  expect(faults).toEqual([]);
});
