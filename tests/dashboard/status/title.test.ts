import { expect, test } from 'vitest';
import { buildFavicon, formatTitle } from '../../../dashboard/status/title.ts';

const words = { product: 'Zhuji', rings: 'RINGS', lost: 'Connection lost' };

test.each([
  [0, false, 'Zhuji'],
  [3, false, '(3) RINGS · Zhuji'],
  [0, true, '⚠ Connection lost · Zhuji'],
  [1, true, '(1) RINGS · ⚠ Connection lost · Zhuji'],
])('%i ringing, lost %s: %s', (ringing, isLost, title) => {
  expect(formatTitle(ringing, isLost, words)).toBe(title);
});

test('the picture differs for calm, ringing and lost', () => {
  const pictures = [buildFavicon(0, false), buildFavicon(2, false), buildFavicon(12, false), buildFavicon(0, true)];
  expect(new Set(pictures).size).toBe(4);
  expect(decodeURIComponent(pictures[2] ?? '')).toContain('>9+<');
});
