import { expect, test } from 'vitest';
import { StillWatch } from '../../../../scripts/zhuji/keeper/still-watch.ts';

test('silence counts while we are awake, and ends with a word', () => {
  const watch = new StillWatch(0);
  for (let at = 250; at < 9000; at += 250) expect(watch.tick(at)).toBe(at);
  watch.heard();
  expect(watch.tick(9250)).toBe(500);
});

test('a night in which we stood still as well is no silence', () => {
  const watch = new StillWatch(0);
  watch.tick(250);
  expect(watch.tick(8 * 3_600_000)).toBeLessThan(2000);
});
