import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calcPart, HOURS, listParts, parsePart, READINGS } from '../../../../gateway/telemetry/observations/days.ts';

const DAY_MS = 24 * 3_600_000;
const moments = fc.integer({ min: Date.UTC(1990), max: Date.UTC(2090) });
const kinds = fc.constantFrom(READINGS, HOURS);

test('every moment lies in the part of its name, and the name says where that begins and ends', () => {
  fc.assert(
    fc.property(kinds, moments, (of, ms) => {
      const part = calcPart(of, ms);
      expect(ms).toBeGreaterThanOrEqual(part.fromMs);
      expect(ms).toBeLessThan(part.untilMs);
      expect(part.untilMs - part.fromMs).toBe(of.days * DAY_MS);
      expect(parsePart(of, part.name)).toEqual(part);
    }),
  );
  expect(calcPart(READINGS, Date.parse('2026-11-20T23:59:59.999Z')).name).toBe('observations_20261120');
  expect(calcPart(READINGS, Date.parse('2026-11-21T00:00:00Z')).name).toBe('observations_20261121');
});

test('the parts of a span lie side by side from its first moment to its last', () => {
  fc.assert(
    fc.property(kinds, moments, fc.integer({ min: 0, max: 200 * DAY_MS }), (of, firstMs, spanMs) => {
      const parts = listParts(of, firstMs, firstMs + spanMs);
      expect(parts[0]).toEqual(calcPart(of, firstMs));
      expect(parts.at(-1)).toEqual(calcPart(of, firstMs + spanMs));
      for (const [n, part] of parts.slice(1).entries()) expect(part.fromMs).toBe(parts[n]?.untilMs);
    }),
  );
});

test('a name of something else is no part: nothing else is ever dropped', () => {
  const names = ['observations', 'observations_mark', 'observations_2026112', 'observations_20261320', 'x_20261120'];
  for (const name of [...names, 'observations_20261120_x', 'observations_hourly_20261120', 'observations_hourly']) {
    expect(parsePart(READINGS, name), name).toBeNull();
  }
  // Hours go by four weeks: a day between is none of theirs.
  const inside = calcPart(HOURS, Date.UTC(2026, 10, 20)).fromMs + DAY_MS;
  const name = `observations_hourly_${new Date(inside).toISOString().slice(0, 10).replaceAll('-', '')}`;
  expect(parsePart(HOURS, name)).toBeNull();
});
