import { expect, test } from 'vitest';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { openSite } from './world/site.ts';

const END_SESSION = `fetch('/api/v1/session', {
  method: 'DELETE',
  headers: { 'x-csrf': JSON.parse(localStorage.getItem('zhuji.session')).csrf },
}).then(({ status }) => status)`;

test('the log-in over an ended session stays however often Escape is pressed, and brings the screen back', async (context) => {
  const { gateway, addPerson } = await openSite();
  const li = await addPerson('li');
  const { page } = await openConsole(await launchChromium(context), gateway, li);
  expect(await page.evaluate(END_SESSION)).toBe(204);
  const password = page.locator('dialog[open] input[name=password]');
  // The next heartbeat is refused.
  await password.waitFor({ timeout: 30_000 });
  for (let i = 0; i < 5; i += 1) await page.keyboard.press('Escape');
  // The browser may close it for a moment.
  await password.waitFor({ timeout: 30_000 });
  await password.fill(li.password);
  await page.keyboard.press('Enter');
  await page.locator('dialog').waitFor({ state: 'detached', timeout: 30_000 });
});
