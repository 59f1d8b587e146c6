import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { freePort } from '../harness/free-port.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { pressOnce } from '../smoke/world/press.ts';
import { addDevice } from '../smoke/world/register.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { untilQuiet, untilSounds } from './world/ears.ts';
import { openSite } from './world/site.ts';

/**
 * Design §4 Time: a console without a `status` for 10 s shows and sounds it; the rest is for the look and the paint of a
 * browser that shares a core or two with everything else. Who does not look shows it never.
 */
const WITHIN_MS = 20_000;

async function expectLost(page: Page, since: number): Promise<void> {
  const left = (): number => Math.max(1, WITHIN_MS - (performance.now() - since));
  await page.locator('.banner.lost').waitFor({ timeout: left() });
  expect(await page.locator('.console').getAttribute('data-lost')).toBe('true');
  expect(await page.title()).toContain('⚠');
  await untilSounds(page, left());
}

async function expectLive(page: Page): Promise<void> {
  await page.locator('.banner.lost').waitFor({ state: 'detached', timeout: 15_000 });
  expect(await page.title()).not.toContain('⚠');
  expect(await page.evaluate('zhujiTestMark')).toBe('not loaded again');
}

test('a gateway that dies or stands still shows and sounds within 10 s, and the page comes back by itself', async (context) => {
  const port = String(await freePort());
  const { gateway, addPerson } = await openSite({ env: { ZHUJI_HTTP_PORT: port } });
  const li = await addPerson('li');
  const device = await addDevice(gateway, { name: '施奶奶' });
  const { page } = await openConsole(await launchChromium(context), gateway, li);
  await page.evaluate(`globalThis.zhujiTestMark = 'not loaded again'`);
  await untilQuiet(page);

  // Killed.
  let since = performance.now();
  await gateway.kill9();
  await expectLost(page, since);
  const { dataDir, redisUrl = '', databaseUrl = '' } = gateway;
  const again: TestGateway = await startGateway({ dataDir, redisUrl, databaseUrl, env: { ZHUJI_HTTP_PORT: port } });
  await expectLive(page);
  await untilQuiet(page);

  // What is pressed now rings: the page has come back whole.
  await pressOnce({ ...device, mqttUrl: again.mqttUrl }, '{"type":"sos"}');
  await page.locator('.row[data-rings=true]', { hasText: '施奶奶' }).waitFor({ timeout: 12_000 });
  await page.keyboard.press('c');
  await page.locator('.row[data-holder=me]').waitFor({ timeout: 30_000 });

  // Frozen: no connection breaks, nothing comes any more.
  since = performance.now();
  again.freeze();
  await expectLost(page, since);
  again.thaw();
  await expectLive(page);
});
