import { expect, test } from 'vitest';
import { pressOnce } from '../smoke/world/press.ts';
import { addDevice } from '../smoke/world/register.ts';
import { listViolations } from './world/axe.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole, openPage } from './world/console.ts';
import { openSite } from './world/site.ts';

test.for([
  { theme: 'dark', locale: 'zh-CN' },
  { theme: 'light', locale: 'en-GB' },
] as const)('axe-core finds nothing serious, $theme, $locale', async (options, context) => {
  const { gateway, admin, addPerson } = await openSite();
  const browser = await launchChromium(context);
  const gate = await openPage(browser, gateway, options);
  await gate.page.locator('input[name=username]').waitFor();
  expect(await listViolations(gate.page), 'log-in').toEqual([]);

  const { page } = await openConsole(browser, gateway, await addPerson('li'), options);
  expect(await page.evaluate(`document.documentElement.dataset.theme`)).toBe(options.theme);
  expect(await listViolations(page), 'calm').toEqual([]);

  const device = await addDevice(gateway, { name: '张奶奶' });
  const contact = { name: '张敏', relation: '女儿', number: '+8613800000001', hasKey: true, minutesAway: 10 };
  await admin.post(`/residents/${device.residentId}/contacts`, contact);
  for (const type of ['sos', 'service', 'low-battery', 'bed-exit']) await pressOnce(device, { type });
  await pressOnce({ ...device, deviceId: 'nobody', username: 'nobody' }, { type: 'sos' });
  await page.locator('.panel').waitFor();
  await page.locator('.row').nth(3).waitFor();
  expect(await listViolations(page), 'ringing, with a case open').toEqual([]);

  await page.keyboard.press('c');
  await page.locator('.row[data-holder=me]').first().waitFor();
  await page.keyboard.press('r');
  await page.locator('dialog[open]').waitFor();
  expect(await listViolations(page), 'closing').toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.locator('dialog[open]').waitFor();
  expect(await listViolations(page), 'help').toEqual([]);
  await page.keyboard.press('Escape');

  await gateway.kill9();
  await page.locator('.banner.lost').waitFor({ timeout: 30_000 });
  expect(await listViolations(page), 'lost').toEqual([]);
});
