import type { Browser, Page } from 'playwright-core';
import { loadIfThere } from '../load-if-there.ts';
import { EYE, TELL, type Painted } from './eye.ts';

const PATIENCE_MS = 30_000;
/** No sandbox, because the bench runs as root too; nothing that speaks to the network by itself. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The bench ends it itself; else a Ctrl-C would end the bench at once, and leave its servers running. */
const OURS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false } as const;

/** The machine's own Chromium; null where playwright-core is not installed, as in a site that was installed without it. */
export async function launchChromium(executablePath: string): Promise<Browser | null> {
  const loaded = await loadIfThere(() => import('playwright-core'));
  return loaded === null ? null : loaded.chromium.launch({ executablePath, args: ARGS, ...OURS });
}

/** A console on duty that can be heard, as a person begins a shift; whatever rings on it is told to `onPainted`. */
export async function openConsole(
  browser: Browser,
  httpUrl: string,
  person: { readonly username: string; readonly password: string },
  onPainted: (painted: Painted) => void,
): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1600, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.exposeFunction(TELL, onPainted);
  await page.addInitScript({ content: EYE });
  await page.goto(httpUrl);
  await page.locator('input[name=username]').fill(person.username);
  await page.locator('input[name=password]').fill(person.password);
  await page.keyboard.press('Enter');
  await page.locator('.banner button.primary').first().press('Enter');
  await page.locator('dialog button[data-first]').press('Enter');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.locator('.top-bar .sign[data-ok=true]').nth(2).waitFor();
  return page;
}
