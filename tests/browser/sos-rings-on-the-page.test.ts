import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startGateway } from '../harness/gateway.ts';
import { needTool } from '../harness/tools.ts';
import { until } from '../harness/until.ts';
import { logIn } from '../smoke/world/operator.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { untilQuiet, untilSounds } from './world/ears.ts';

const run = promisify(execFile);
const SOON = { timeoutMs: 30_000 };

type Added = Readonly<Record<string, string>>;

test.for(['zh-CN', 'en-GB'] as const)(
  'a press by mosquitto_pub rings on the page; claimed and closed by keyboard, not without contact: %s',
  async (locale, context) => {
    needTool(context, 'mosquitto_pub');
    const browser = await launchChromium(context);
    const gateway = await startGateway({ embedded: true });
    const name = ['--name', '王秀英', '--region', 'yuyao/fengshan'];
    const { residentId = '' } = await gateway.zhujiJson<Added>('resident', 'add', ...name);
    const model = ['--model', 'generic-pendant', '--resident', residentId];
    const device = await gateway.zhujiJson<Added>('device', 'add', ...model);
    const hired = ['--username', 'li', '--role', 'operator', '--region', 'yuyao'];
    const { password = '' } = await gateway.zhujiJson<Added>('user', 'add', ...hired);
    const operator = await logIn(gateway, { username: 'li', password });
    const { page, row, faults } = await openConsole(browser, gateway, { username: 'li', password }, { locale });
    await untilQuiet(page);

    const { hostname, port } = new URL(device['mqttUrl'] ?? '');
    const proof = ['-u', device['username'] ?? '', '-P', device['password'] ?? ''];
    const where = ['-h', hostname, '-p', port, ...proof, '-t', device['topic'] ?? ''];
    await run('mosquitto_pub', ['-q', '1', ...where, '-m', '{"type":"sos"}']);

    await row('王秀英').waitFor({ state: 'visible', timeout: 30_000 });
    expect(await row('王秀英').getAttribute('data-rings')).toBe('true');
    await untilSounds(page);
    expect(await page.title()).toMatch(/^\(1\) /);
    await page.locator('#panel-heading', { hasText: '王秀英' }).waitFor({ state: 'visible', timeout: 30_000 });
    const [incident] = (await operator.list()).items;
    const id = incident?.id ?? '';
    const seen = await until(
      async () => (await operator.detail(id)).log.find(({ type, data }) => type === 'seen' && 'sounded' in data),
      { ...SOON, what: 'the receipt of what the page showed and sounded' },
    );
    expect(seen.data).toMatchObject({ painted: expect.any(String) });

    await page.keyboard.press('c');
    await until(async () => (await operator.detail(id)).owner?.id === operator.user.id, { ...SOON, what: 'the claim' });
    await page.locator('.row[data-holder=me]', { hasText: '王秀英' }).waitFor({ timeout: 30_000 });
    await untilQuiet(page);

    await page.keyboard.press('r');
    await page.locator('dialog input[name=outcome]').first().press('Space');
    await page.keyboard.press('Enter');
    await page.locator('dialog [role=alert]').waitFor({ timeout: 30_000 });
    expect(await operator.detail(id)).toMatchObject({ state: 'claimed' });

    await page.locator('dialog input[name=contact]').first().press('Space');
    await page.keyboard.press('Enter');
    const closed = await until(
      async () => {
        const detail = await operator.detail(id);
        return detail.state === 'resolved' && detail;
      },
      { ...SOON, what: 'the case to be closed' },
    );
    expect(closed.log.find(({ type }) => type === 'resolve')?.data).toMatchObject({
      outcome: 'helped',
      contact: 'spoke-with-person',
    });
    await until(async () => (await page.locator('.row[data-rings=true]').count()) === 0, { ...SOON, what: 'calm' });

    // What was closed can be reached again without a mouse, also while another case is the chosen one.
    await page.keyboard.press('Escape');
    await run('mosquitto_pub', ['-q', '1', ...where, '-m', '{"type":"fall"}']);
    await page.locator('.row[data-rings=true]', { hasText: '王秀英' }).waitFor({ timeout: 12_000 });
    await page.locator('.fold summary').last().press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.activeElement.id`)).toBe(`row-${id}`);
    expect(faults).toEqual([]);
  },
);
