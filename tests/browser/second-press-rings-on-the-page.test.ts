import { expect, test } from 'vitest';
import { pressOnce } from '../smoke/world/press.ts';
import { addDevice } from '../smoke/world/register.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { untilQuiet, untilSounds } from './world/ears.ts';
import { openSite } from './world/site.ts';

test('a second press on a claimed case rings again and is counted, also while the sound is muted', async (context) => {
  const { gateway, addPerson } = await openSite();
  const li = await addPerson('li');
  const device = await addDevice(gateway, { name: '吕奶奶' });
  const { page, row } = await openConsole(await launchChromium(context), gateway, li);
  const press = (id: number) => pressOnce(device, { type: 'sos', id: String(id), at: Date.now() });
  await press(1);
  await page.locator('#panel-heading', { hasText: '吕奶奶' }).waitFor({ timeout: 30_000 });
  await untilSounds(page);
  await page.keyboard.press('c');
  await page.locator('.row[data-holder=me]').waitFor({ timeout: 30_000 });
  await untilQuiet(page);

  await press(2);
  await page.locator('.row[data-holder=me][data-rings=true]').waitFor({ timeout: 12_000 });
  await untilSounds(page);
  expect(await row('吕奶奶').textContent()).toMatch(/2/);

  await page.keyboard.press('m');
  await untilQuiet(page);
  await press(3);
  await untilSounds(page);
});
