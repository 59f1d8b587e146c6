import { expect, test } from 'vitest';
import { EYE, TELL, type Painted } from '../../scripts/bench/painted/eye.ts';
import { until } from '../harness/until.ts';
import { launchChromium } from './world/chromium.ts';

const SLOW_FRAME_MS = 300;

test('a row that begins to ring is told once, when its frame is over and not when it is in the document', async (context) => {
  const browser = await launchChromium(context);
  const page = await browser.newPage();
  const told: Painted[] = [];
  await page.exposeFunction(TELL, (painted: Painted) => void told.push(painted));
  await page.addInitScript({ content: EYE });
  await page.goto('data:text/html,<main></main>');
  // The frame itself is slow: whoever only watched the document would not notice.
  const addedMs = Number(
    await page.evaluate(`(() => {
      const main = document.querySelector('main');
      main.innerHTML = '<b class=row id=row-calm data-rings=false>calm</b>';
      requestAnimationFrame(() => {
        const begin = performance.now();
        while (performance.now() - begin < ${SLOW_FRAME_MS});
      });
      main.insertAdjacentHTML('beforeend', '<b class=row id=row-1 data-rings=true>help</b>');
      return Date.now();
    })()`),
  );
  await until(() => told.length > 0, { timeoutMs: 30_000, what: 'the eye to tell' });
  expect(told).toEqual([{ row: 'row-1', paintedMs: expect.any(Number) }]);
  expect(told[0]?.paintedMs).toBeGreaterThanOrEqual(addedMs + SLOW_FRAME_MS - 1);
  expect(told[0]?.paintedMs).toBeLessThanOrEqual(Date.now() + 1);

  // The same row again is no news; one that was calm and rings now is.
  await page.evaluate(`document.querySelector('#row-1').dataset.rings = 'false'`);
  await page.evaluate(`document.querySelector('#row-1').dataset.rings = 'true'`);
  await page.evaluate(`document.querySelector('#row-calm').dataset.rings = 'true'`);
  await until(() => told.length > 1, { timeoutMs: 30_000, what: 'the second row to be told' });
  expect(told.map(({ row }) => row)).toEqual(['row-1', 'row-calm']);
});
