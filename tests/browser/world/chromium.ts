import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import type { TestContext } from 'vitest';
import { afterwards } from '../../harness/cleanup.ts';
import { needTool } from '../../harness/tools.ts';

const BUILT = join(import.meta.dirname, '..', '..', '..', 'dashboard', 'dist', 'index.html');

/** No sandbox, because tests run as root too; nothing that speaks to the network by itself. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The machine's own Chromium. It ends with the test. */
export async function launchChromium(context: TestContext): Promise<Browser> {
  if (!existsSync(BUILT)) throw new Error('The dashboard is not built: npm run build');
  const browser = await chromium.launch({ executablePath: needTool(context, 'chromium'), args: ARGS });
  afterwards(() => browser.close());
  return browser;
}
