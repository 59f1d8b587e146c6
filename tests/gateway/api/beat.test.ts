import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatBeat, parseBeat } from '../../../gateway/api/beat.ts';

test('a beat is read as it was written', () => {
  const beat = fc.record({
    writer: fc.stringMatching(/^\S{1,200}$/),
    count: fc.nat(),
    at: fc.nat({ max: 8_640_000_000_000_00 }),
    hasLeft: fc.boolean(),
  });
  fc.assert(
    fc.property(beat, (given) => {
      expect(parseBeat(formatBeat(given))).toEqual(given);
    }),
  );
});

test('anything else is none', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const beat = parseBeat(text);
      if (beat !== null) expect(formatBeat(beat).replace(/ 0+(\d)/g, ' $1')).toBe(text.replace(/ 0+(\d)/g, ' $1'));
    }),
  );
  for (const text of ['', '1763683980000', 'gw 1', 'gw 1 2 gone', 'gw -1 2', 'gw 1 2.5'])
    expect(parseBeat(text)).toBeNull();
});
