import type { Page } from 'playwright-core';
import type { Resident } from '../../gateway/api/contract/registry.ts';
import { expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { pressOnce } from '../smoke/world/press.ts';
import { addDevice } from '../smoke/world/register.ts';
import { answerObservations, type SeedReading } from './world/answer-observations.ts';
import { listViolations } from './world/axe.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { untilSounds } from './world/ears.ts';
import { openSite } from './world/site.ts';

const MINUTE = 60_000;

/** A watch that measured for five hours, lay off for one, and sees the blood's oxygen sink now. */
function buildReadings(): SeedReading[] {
  const now = Date.now();
  const minutes = Array.from({ length: 300 }, (_, index) => index).filter((ago) => ago < 120 || ago > 180);
  return minutes.flatMap((ago) => [
    { metric: 'spo2', atMs: now - ago * MINUTE, value: ago < 10 ? 86 : 96, isFlagged: false },
    { metric: 'spo2', atMs: now - ago * MINUTE, value: 96, isFlagged: false },
    { metric: 'heart-rate', atMs: now - ago * MINUTE, value: 72, isFlagged: ago > 240 },
    { metric: 'temperature', atMs: now - ago * MINUTE, value: 36.6, isFlagged: false },
  ]);
}

/** Pixels of a picture that have the colour of a line, of a limit or of an alarm. */
async function countPixels(page: Page, variable: string): Promise<number> {
  return Number(
    await page.evaluate(`(() => {
      const text = getComputedStyle(document.documentElement).getPropertyValue('--${variable}').trim();
      const [r, g, b] = [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
      const canvas = document.querySelector('.plot canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        const isNear = Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) < 24;
        if (isNear && data[at + 3] > 200) count += 1;
      }
      return count;
    })()`),
  );
}

async function untilPainted(page: Page, variable: string, what: string): Promise<void> {
  await until(async () => (await countPixels(page, variable)) > 50, { timeoutMs: 30_000, what: `${what} to be drawn` });
}

async function untilDrawn(page: Page): Promise<void> {
  await page.locator('.plot canvas').first().waitFor({ timeout: 30_000 });
  await untilPainted(page, 'accent', 'the line');
}

async function readTable(page: Page): Promise<string[]> {
  await page.locator('.readings summary').focus();
  await page.keyboard.press('Enter');
  await page.locator('.readings tbody tr').first().waitFor();
  return page.locator('.readings tbody tr').allInnerTexts();
}

test.for([
  { theme: 'dark', locale: 'zh-CN', alarm: '本工单报警：跌倒', low: '低于界限', average: '91 % 5 分钟平均' },
  {
    theme: 'light',
    locale: 'en-GB',
    alarm: 'Alarm of this case: Fall',
    low: 'below the limit',
    average: '91 % 5-min average',
  },
] as const)(
  'readings, limits, gaps and the alarm are drawn and stand in a table, $theme, $locale',
  async ({ alarm, low, average, ...options }, context) => {
    const { gateway, addPerson } = await openSite();
    const device = await addDevice(gateway, { name: '张奶奶', model: 'generic-wearable' });
    const browser = await launchChromium(context);
    const { page, faults } = await openConsole(browser, gateway, await addPerson('li'), options);
    await answerObservations(page, buildReadings());
    await pressOnce(device, { type: 'fall' });
    await page.locator('.panel').waitFor();
    await untilDrawn(page);
    await untilPainted(page, 'medium-text', 'the limit');
    await untilPainted(page, 'high-text', 'the alarm');

    expect(await page.locator('.strip-head[data-metric=spo2]').innerText()).toContain(`86 % ${low}`);
    expect(await page.locator('.strip-head[data-metric=spo2]').innerText()).toContain(average);
    expect(await page.locator('.strip-head[data-metric=heart-rate]').innerText()).toContain('41–130');
    const rows = await readTable(page);
    expect(rows.length).toBeLessThanOrEqual(50);
    expect(rows[0]).toContain('≥ 92');
    expect(rows.filter((row) => row.includes(alarm))).toHaveLength(1);
    expect(rows.some((row) => row.includes('36.6') && row.includes('72'))).toBe(true);
    expect(rows.some((row) => row.includes('✕'))).toBe(true);
    expect(await listViolations(page), 'a case with its chart').toEqual([]);

    expect(faults).toEqual([]);
  },
);

test.for([
  { theme: 'light', locale: 'zh-CN', span: '7 天' },
  { theme: 'dark', locale: 'en-GB', span: '7 days' },
] as const)(
  'the page of a resident is reached by keyboard, outlives a reload and leads back, $theme, $locale',
  async ({ span, ...options }, context) => {
    const { gateway, admin, addPerson } = await openSite();
    const device = await addDevice(gateway, { name: '张奶奶', model: 'generic-wearable' });
    const browser = await launchChromium(context);
    const { page, row } = await openConsole(browser, gateway, await addPerson('li'), options);
    await answerObservations(page, buildReadings());
    await pressOnce(device, { type: 'sos' });
    await page.locator('.panel').waitFor();
    await page.keyboard.press('c');
    await page.locator('.row[data-holder=me]').waitFor();
    await page.locator('.file-link').press('Enter');
    await page.locator('.resident-head', { hasText: '张奶奶' }).waitFor();
    await untilDrawn(page);
    expect(await page.locator('.resident').innerText()).toContain(device.deviceId);
    expect(await listViolations(page), 'page of a resident').toEqual([]);

    await page.locator('.segments button', { hasText: span }).press('Enter');
    await page.locator('.segments button[aria-pressed=true]', { hasText: span }).waitFor();
    await untilDrawn(page);

    // The watch is put away and a cuff comes that two people share; a minute later the page knows, and shows what was measured.
    const { homeId } = await admin.get<Resident>(`/residents/${device.residentId}`);
    const spouse = await admin.post<Resident>('/residents', { name: '李大爷', homeId });
    const residentIds = [device.residentId, spouse.id];
    const sends = { account: 'AB12', number: '13800138000' };
    await admin.post('/devices', { id: 'cuff-1', model: 'generic-wearable', homeId, residentIds, ...sends });
    expect((await admin.ask('DELETE', `/devices/${device.deviceId}`)).status).toBe(204);
    await page.evaluate(`(() => { const now = Date.now; Date.now = () => now() + 61_000; })()`);
    await page.locator('.shared-note', { hasText: '李大爷' }).waitFor({ timeout: 30_000 });
    const lines = page.locator('[aria-labelledby=devices-heading] li');
    await until(async () => (await lines.allInnerTexts()).every((text) => !text.includes(device.deviceId)), {
      timeoutMs: 30_000,
      what: 'the retired watch to leave the page',
    });
    await lines.filter({ hasText: '+8613800138000' }).waitFor();
    expect(await lines.allInnerTexts()).toEqual([expect.stringMatching(/cuff-1.*李大爷.*AB12.*\+8613800138000/s)]);
    await untilDrawn(page);
    expect(await page.locator('.strip-head[data-metric=spo2]').count()).toBe(1);

    await page.reload();
    await page.locator('.resident-head', { hasText: '张奶奶' }).waitFor();
    await row('张奶奶').press('Enter');
    await page.locator('.panel-head').waitFor();
    expect(await page.locator('.resident').count()).toBe(0);
  },
);

test('a chart whose file cannot be loaded leaves the case as it is, and the case rings and is claimed', async (context) => {
  const { gateway, addPerson } = await openSite();
  const device = await addDevice(gateway, { name: '张奶奶', model: 'generic-wearable' });
  const browser = await launchChromium(context);
  const { page } = await openConsole(browser, gateway, await addPerson('li'));
  await page.route('**/assets/vitals-*', (route) => route.abort());
  await pressOnce(device, { type: 'sos' });
  await page.locator('.vitals .warning').waitFor();
  expect(await page.locator('.vitals .warning').innerText()).toContain('alarms are unaffected');
  await untilSounds(page);
  await page.keyboard.press('c');
  await page.locator('.row[data-holder=me]').waitFor();
});

test('a case that rings takes the place of a page that somebody reads, when no case is open', async (context) => {
  const { gateway, addPerson } = await openSite();
  const device = await addDevice(gateway, { name: '张奶奶', model: 'generic-wearable' });
  const browser = await launchChromium(context);
  const { page } = await openConsole(browser, gateway, await addPerson('li'));
  await page.evaluate(`location.hash = '#/residents/${device.residentId}'`);
  await page.locator('.resident-head', { hasText: '张奶奶' }).waitFor();
  await pressOnce(device, { type: 'sos' });
  await page.locator('.panel-head').waitFor();
  expect(await page.locator('.resident').count()).toBe(0);
});

test('whoever goes through cases quickly asks for no chart on the way', async (context) => {
  const { gateway, addPerson } = await openSite();
  const names = ['张奶奶', '李大爷', '王奶奶', '赵爷爷'];
  const devices = [];
  for (const name of names) {
    devices.push(await addDevice(gateway, { name, model: 'generic-wearable' }));
  }
  const browser = await launchChromium(context);
  const { page, row } = await openConsole(browser, gateway, await addPerson('li'));
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/observations?'))
      asked.push(request.url().split('/residents/')[1]?.split('/')[0] ?? '');
  });
  const untilAsked = () => until(() => asked.length > 0, { timeoutMs: 30_000, what: 'a chart to be asked for' });
  for (const device of devices) await pressOnce(device, { type: 'sos' });
  // Each once, so that all there is to read of them beside the chart has been read.
  for (const name of names) {
    asked.length = 0;
    await row(name).click();
    await untilAsked();
  }
  asked.length = 0;
  // From within the page, so that a slow machine does not make a slow hand of it.
  await page.evaluate(`(async () => {
    for (const row of document.querySelectorAll('.row')) {
      row.click();
      await new Promise((done) => setTimeout(done, 40));
    }
  })()`);
  await untilAsked();
  const last = await page.locator('.file-link').getAttribute('href');
  expect([...new Set(asked)].map((id) => `#/residents/${id}`)).toEqual([last]);
});
