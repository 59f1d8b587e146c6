import { expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { pressOnce } from '../smoke/world/press.ts';
import { addDevice } from '../smoke/world/register.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { untilQuiet, untilSounds } from './world/ears.ts';
import { openSite } from './world/site.ts';

/** More than the 10 s between two heartbeats: as long as the page sends them, a claim does not lapse. */
const PRESENCE_S = 15;

test('a page that cannot draw itself says so, sounds, and no longer counts as attended: its cases ring elsewhere', async (context) => {
  const { gateway, addPerson } = await openSite({ env: { ZHUJI_PRESENCE_S: String(PRESENCE_S) } });
  const li = await addPerson('li');
  const wang = await addPerson('wang');
  const device = await addDevice(gateway, { name: '钱奶奶' });
  const { page } = await openConsole(await launchChromium(context), gateway, li);
  expect(await page.locator('html').getAttribute('translate')).toBe('no');
  await pressOnce(device, { type: 'sos' });
  await page.locator('.row', { hasText: '钱奶奶' }).waitFor({ timeout: 30_000 });
  await page.keyboard.press('c');
  await page.locator('.row[data-holder=me]').waitFor({ timeout: 30_000 });
  await untilQuiet(page);

  // Whatever breaks the drawing: here every component that reads a time.
  await page.evaluate(`Date.parse = () => { throw new Error('broken on purpose'); }`);
  await page.locator('.crashed').waitFor({ timeout: 30_000 });
  await untilSounds(page);
  expect(await page.title()).toContain('⚠');
  const lapsed = await until(async () => (await wang.api.list()).items.find(({ owner }) => owner === null), {
    timeoutMs: (PRESENCE_S + 15) * 1000,
    what: 'the claim of who sat before it to lapse',
  });
  expect(lapsed).toMatchObject({ state: 'open', ringing: true });

  await page.keyboard.press('Enter');
  await page.locator('.row[data-rings=true]', { hasText: '钱奶奶' }).waitFor({ timeout: 12_000 });
});
