import { test } from 'vitest';
import { ownRedis } from '../harness/own-servers.ts';
import { pressOnce } from '../smoke/world/press.ts';
import { addDevice } from '../smoke/world/register.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { untilQuiet, untilSounds } from './world/ears.ts';
import { openSite } from './world/site.ts';

test('with Redis gone the page says so, rings and takes a claim, and keeps all of it when Redis is back', async (context) => {
  const redis = await ownRedis();
  const { gateway, addPerson } = await openSite({ redisUrl: redis.redisUrl });
  const li = await addPerson('li');
  const device = await addDevice(gateway, { name: '沈奶奶' });
  const { page } = await openConsole(await launchChromium(context), gateway, li);
  await untilQuiet(page);

  await redis.kill9();
  const degraded = page.locator('.banner[data-tone=warn]', { hasText: 'Redis' });
  await degraded.waitFor({ timeout: 30_000 });
  // It says what goes on as always, and what does not.
  await degraded
    .filter({ hasText: 'note and close as always' })
    .filter({ hasText: 'neither merged nor split' })
    .waitFor({ timeout: 30_000 });
  await pressOnce(device, { type: 'sos' });
  await page.locator('.row[data-rings=true]', { hasText: '沈奶奶' }).waitFor({ timeout: 12_000 });
  await untilSounds(page);
  await page.keyboard.press('c');
  await page.locator('.row[data-holder=me]', { hasText: '沈奶奶' }).waitFor({ timeout: 30_000 });
  await untilQuiet(page);

  await redis.start();
  await degraded.waitFor({ state: 'detached', timeout: 30_000 });
  await page.locator('.row[data-holder=me]', { hasText: '沈奶奶' }).waitFor({ timeout: 30_000 });
});
