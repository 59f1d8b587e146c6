import { expect, test } from 'vitest';
import { AHEAD_MS } from '../../../../gateway/telemetry/limits/series.ts';
import {
  BAD_IN_A_ROW,
  FRESH_MS,
  GOOD_FOR_MS,
  GOOD_IN_A_ROW,
  isLoose,
  isWornWell,
  takeQuality,
  type Worn,
} from '../../../../gateway/telemetry/limits/worn.ts';

const GAP_MS = 35 * 60_000;
const T0 = Date.parse('2026-11-22T02:00:00.000Z');

/** `-` bad, `+` good, one a second, or each `stepMs`, from `fromMs`. */
function play(marks: string, fromMs = T0, before?: Worn, stepMs = 1000): Worn {
  let worn = before;
  for (const [index, mark] of [...marks].entries()) {
    const ts = fromMs + index * stepMs;
    worn = takeQuality(worn, ts, mark === '+', ts, GAP_MS);
  }
  if (worn === undefined) throw new Error('no marks');
  return worn;
}

test('five bad readings in a row are a loose sensor, four are none', () => {
  expect(isLoose(play('-'.repeat(BAD_IN_A_ROW)))).toBe(true);
  expect(isLoose(play('-'.repeat(BAD_IN_A_ROW - 1)))).toBe(false);
  expect(isLoose(play('----+-'))).toBe(false);
});

test('a gap breaks a row of bad readings, and one of good ones', () => {
  expect(isLoose(play('--', T0 + GAP_MS + 4000, play('---')))).toBe(false);
  expect(isWornWell([play('+', T0 + GAP_MS + 4000, play('++'))])).toBe(false);
});

test('a reading that is older than the last changes nothing', () => {
  const before = play('++++', T0);
  expect(takeQuality(before, T0 - 1, false, T0 + 4000, GAP_MS)).toBe(before);
  expect(takeQuality(before, before.lastTs, false, T0 + 4000, GAP_MS)).toBe(before);
});

test('a clock that ran ahead and was set right does not hide the sensor until its time has come', () => {
  const ahead = takeQuality(undefined, T0 + AHEAD_MS + 1, true, T0, GAP_MS);
  expect(takeQuality(ahead, T0, false, T0, GAP_MS)).toMatchObject({ lastTs: T0, bad: 1 });
  // One that always runs ahead keeps its row.
  expect(takeQuality(ahead, T0 + AHEAD_MS + 2, true, T0 + 1, GAP_MS).good).toBe(2);
});

test('a metric that the device has not sent for a while does not hold up that it is worn well', () => {
  const loose = play('-----');
  const well = '+'.repeat(GOOD_IN_A_ROW);
  const wellFor = (fromMs: number) => play(well, fromMs, undefined, GOOD_FOR_MS / (GOOD_IN_A_ROW - 1));
  expect(isWornWell([loose, wellFor(T0)])).toBe(false);
  expect(isWornWell([loose, wellFor(loose.lastTs + FRESH_MS)])).toBe(true);
  expect(isWornWell([play('++', T0, undefined, GOOD_FOR_MS)])).toBe(false);
});

test('a contact that comes and goes is well when it was not loose for half an hour; single bad readings do not count', () => {
  const minute = 60_000;
  const marks = (pattern: string, minutes: number): string => pattern.repeat(Math.ceil(minutes / pattern.length));
  const loose = play('------', T0, undefined, minute);
  const after = (pattern: string, minutes: number): Worn =>
    play(marks(pattern, minutes), T0 + 6 * minute, loose, minute);
  expect(isWornWell([after('+++-', 24)])).toBe(false);
  expect(isWornWell([play('+++', T0 + 38 * minute, after('+++-', 32), minute)])).toBe(true);
  expect(isWornWell([play('+++', T0 + 126 * minute, after('-----+++++', 120), minute)])).toBe(false);
});
