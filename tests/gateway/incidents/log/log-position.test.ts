import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePositions, LOG_START, parseLogPosition } from '../../../../gateway/incidents/log/log-position.ts';

const part = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

test('positions are ordered by time, then by number, also beyond what a double can tell apart', () => {
  fc.assert(
    fc.property(part, part, part, part, (aMs, aSeq, bMs, bSeq) => {
      const expected = aMs === bMs ? (aSeq === bSeq ? 0 : aSeq < bSeq ? -1 : 1) : aMs < bMs ? -1 : 1;
      expect(comparePositions(`${aMs}-${aSeq}`, `${bMs}-${bSeq}`)).toBe(expected);
    }),
  );
  expect(comparePositions('9007199254740993-0', '9007199254740992-0')).toBe(1);
  expect(comparePositions('9-0', '10-0')).toBe(-1);
});

test('the start of the log is before everything', () => {
  expect(comparePositions(LOG_START, '0-1')).toBe(-1);
});

test.each([
  '',
  '1',
  '1-',
  '-1',
  '1-2-3',
  ' 1-2',
  '1-2\n',
  'x-1',
  '1.5-0',
  '-1-0',
  '1e3-0',
  '$',
  '+',
  `${'9'.repeat(21)}-0`,
])('"%s" is no position', (text) => {
  expect(parseLogPosition(text)).toBeNull();
});
