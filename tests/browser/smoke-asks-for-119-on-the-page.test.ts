import { expect, test } from 'vitest';
import { pressOnce } from '../smoke/world/press.ts';
import { addDevice } from '../smoke/world/register.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { openSite } from './world/site.ts';

test('smoke that comes after the key is shown, asks for 119 before anything else, and is calm once 119 was called', async (context) => {
  const { gateway, addPerson } = await openSite();
  const li = await addPerson('li');
  const device = await addDevice(gateway, { name: '蒋奶奶' });
  const { page, row } = await openConsole(await launchChromium(context), gateway, li);
  await pressOnce(device, { type: 'sos' });
  await page.locator('#panel-heading', { hasText: '蒋奶奶' }).waitFor({ timeout: 30_000 });
  await pressOnce(device, { type: 'smoke' });
  await page.locator('.row .flag', { hasText: 'Smoke' }).waitFor({ timeout: 30_000 });

  expect(await page.locator('.advice').textContent()).toContain('119');
  expect(await row('蒋奶奶').locator('.next').textContent()).toContain('119');
  const first = page.locator('.steps button').first();
  expect(await first.textContent()).toContain('119');
  expect(await first.getAttribute('class')).toBe('primary');

  await first.click();
  await page.locator('.row[data-holder=me]').waitFor({ timeout: 30_000 });
  await page.locator('.steps button.primary').waitFor({ state: 'detached', timeout: 30_000 });
  expect(await row('蒋奶奶').locator('.next').textContent()).not.toContain('119');
});
