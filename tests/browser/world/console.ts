import type { Browser, Locator, Page } from 'playwright-core';
import { afterwards } from '../../harness/cleanup.ts';
import type { TestGateway } from '../../harness/gateway.ts';
import { until } from '../../harness/until.ts';
import { EARS } from './ears.ts';

export type Credentials = { readonly username: string; readonly password: string };

export type TestConsole = {
  readonly page: Page;
  /** Rows of the queue about a person, by what stands in them. */
  readonly row: (name: string) => Locator;
  /** Anything that the page threw or refused by its own security policy. */
  readonly faults: readonly string[];
};

export type ConsoleOptions = { readonly locale?: 'zh-CN' | 'en-GB'; readonly theme?: 'dark' | 'light' };

/** A window of a browser of its own (own cookies, own worker), before log-in. */
export async function openPage(
  browser: Browser,
  gateway: Pick<TestGateway, 'httpUrl'>,
  { locale = 'en-GB', theme = 'dark' }: ConsoleOptions = {},
): Promise<TestConsole> {
  const context = await browser.newContext({ locale, viewport: { width: 1600, height: 900 } });
  afterwards(() => context.close());
  await context.addInitScript({ content: EARS });
  await context.addInitScript({ content: `localStorage.setItem('zhuji.theme', '${theme}')` });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  await page.goto(gateway.httpUrl);
  return { page, faults, row: (name) => page.locator('.row', { hasText: name }) };
}

/** Logs in with the keyboard and says that the sound is heard, as a person does at the beginning of a shift. */
export async function openConsole(
  browser: Browser,
  gateway: Pick<TestGateway, 'httpUrl'>,
  { username, password }: Credentials,
  options: ConsoleOptions = {},
): Promise<TestConsole> {
  const opened = await openPage(browser, gateway, options);
  const { page } = opened;
  await page.locator('input[name=username]').fill(username);
  await page.locator('input[name=password]').fill(password);
  await page.keyboard.press('Enter');
  const test = page.locator('.banner button.primary').first();
  await test.press('Enter');
  const heard = page.locator('dialog button[data-first]');
  await heard.press('Enter');
  await until(async () => (await page.locator('dialog').count()) === 0, {
    timeoutMs: 30_000,
    what: 'the sound test to end',
  });
  await until(async () => (await page.locator('.top-bar .sign[data-ok=true]').count()) === 3, {
    timeoutMs: 30_000,
    what: 'a live console on duty that can be heard',
  });
  return opened;
}
