import { expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { pressOnce } from '../smoke/world/press.ts';
import { addDevice } from '../smoke/world/register.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { openSite } from './world/site.ts';

test('a press while the case is being closed stops it, until it was seen and the person was asked about again', async (context) => {
  const { gateway, addPerson } = await openSite();
  const li = await addPerson('li');
  const device = await addDevice(gateway, { name: '何奶奶' });
  const { page, faults } = await openConsole(await launchChromium(context), gateway, li);
  const press = (id: number) => pressOnce(device, { type: 'sos', id: String(id), at: Date.now() });
  await press(1);
  await page.locator('#panel-heading', { hasText: '何奶奶' }).waitFor({ timeout: 30_000 });
  await page.keyboard.press('c');
  await page.locator('.row[data-holder=me]').waitFor({ timeout: 30_000 });
  await page.keyboard.press('r');
  await page.locator('dialog input[name=outcome]').first().press('Space');
  await page.locator('dialog input[name=contact]').first().press('Space');

  // Also with a word that is left behind and taken up again.
  await page.keyboard.press('Escape');
  await press(2);
  await page.locator('.row', { hasText: '2' }).first().waitFor({ timeout: 30_000 });
  await page.keyboard.press('r');
  await page.locator('dialog .pressed-again').waitFor({ timeout: 30_000 });
  await page.locator('dialog .pressed-again button').press('Enter');
  expect(await page.locator('dialog input[name=contact]:checked').count()).toBe(0);
  await page.locator('dialog input[name=contact]').first().press('Space');

  await press(3);
  const again = page.locator('dialog .pressed-again', { hasText: '3' });
  await again.waitFor({ timeout: 30_000 });
  expect(await page.locator('dialog input[name=contact]:checked').count()).toBe(0);
  await page.locator('dialog input[name=outcome]').first().press('Enter');
  const [incident] = (await li.api.list()).items;
  const id = incident?.id ?? '';
  expect(await li.api.detail(id)).toMatchObject({ state: 'claimed', presses: 3 });

  await again.locator('button').press('Enter');
  await page.locator('dialog input[name=contact]').first().press('Space');
  await page.keyboard.press('Enter');
  await until(async () => (await li.api.detail(id)).state === 'resolved', {
    timeoutMs: 30_000,
    what: 'the case to be closed',
  });
  expect(faults).toEqual([]);
});
