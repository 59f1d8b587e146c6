import { expect, test } from 'vitest';
import { PATTERNS, type Pattern } from '../../../dashboard/sound/patterns.ts';
import { renderPattern } from '../../../dashboard/sound/render.ts';

const gaps = ({ pulses }: Pattern) =>
  pulses.slice(1).map((pulse, i) => pulse.startMs - ((pulses[i]?.startMs ?? 0) + (pulses[i]?.lengthMs ?? 0)));
const end = ({ pulses }: Pattern) => Math.max(...pulses.map((pulse) => pulse.startMs + pulse.lengthMs));

/** IEC 60601-1-8 tables 3 and 4 as far as they are about time and pitch. */
test('high: ten pulses in two groups of three and two, the next burst not at once', () => {
  const { high } = PATTERNS;
  expect(high.pulses).toHaveLength(10);
  for (const { lengthMs } of high.pulses) expect(lengthMs >= 75 && lengthMs <= 200).toBe(true);
  const [a, b, c, d, between, ...second] = gaps(high);
  expect(second).toEqual([a, b, c, d]);
  for (const short of [a, b, d]) expect(short !== undefined && short >= 50 && short <= 125).toBe(true);
  expect(c).toBe(2 * (a ?? 0) + 150);
  expect(between !== undefined && between >= 350 && between <= 1300).toBe(true);
  const silence = high.periodMs - end(high);
  expect(silence >= 2500 && silence <= 15_000).toBe(true);
});

test('medium: three pulses; low: two, and seldom', () => {
  for (const [pattern, count] of [
    [PATTERNS.medium, 3],
    [PATTERNS.low, 2],
  ] as const) {
    expect(pattern.pulses).toHaveLength(count);
    for (const { lengthMs } of pattern.pulses) expect(lengthMs >= 125 && lengthMs <= 250).toBe(true);
    for (const gap of gaps(pattern)) expect(gap >= 125 && gap <= 250).toBe(true);
  }
  expect(PATTERNS.low.periodMs - end(PATTERNS.low)).toBeGreaterThan(15_000);
});

test.each(Object.entries(PATTERNS))('%s stays within its period and within 150 to 1000 Hz', (_name, pattern) => {
  expect(end(pattern)).toBeLessThan(pattern.periodMs);
  for (const { pitchHz } of pattern.pulses) expect(pitchHz >= 150 && pitchHz <= 1000).toBe(true);
});

test.each(Object.entries(PATTERNS))('%s renders to sound that is neither silent nor clipped', (_name, pattern) => {
  const rate = 8000;
  const samples = renderPattern(pattern, rate);
  expect(samples).toHaveLength((pattern.periodMs / 1000) * rate);
  const peak = samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
  expect(peak > 0.4 && peak <= 1).toBe(true);
  expect(samples.at(-1)).toBe(0);
  expect(Math.abs(samples[0] ?? 1)).toBeLessThan(0.01);
});

test('no two patterns sound alike', () => {
  const shapes = Object.values(PATTERNS).map(({ pulses }) => JSON.stringify(pulses));
  expect(new Set(shapes).size).toBe(shapes.length);
});
