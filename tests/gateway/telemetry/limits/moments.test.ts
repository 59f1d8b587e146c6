import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { READING_FLAGS, type Reading } from '../../../../devices/reading.ts';
import { MOMENT_MS, pickMoments } from '../../../../gateway/telemetry/limits/moments.ts';
import { BAD_IN_A_ROW } from '../../../../gateway/telemetry/limits/worn.ts';
import { judgeMessage } from '../../../../gateway/telemetry/vitals/judge.ts';
import { RecentReadings } from '../../../../gateway/telemetry/vitals/recent.ts';
import { reading } from './build-readings.ts';
import { openRules, T0 } from './rules-world.ts';

const SECOND = 1000;

/** Messages ten seconds apart, as the lane judges them; their readings share one time. */
function play(messages: readonly (readonly Partial<Reading>[])[], agoMs: number) {
  const rules = openRules();
  const recent = new RecentReadings();
  for (const [n, readings] of messages.entries()) {
    const receivedAt = T0 + n * 10 * SECOND;
    const samples = readings.map((sample) => ({
      ...{ metric: 'spo2', value: 70, flags: 0, at: receivedAt - agoMs },
      ...sample,
    }));
    rules.take(judgeMessage({ deviceId: 'watch-1', readings: samples, receivedAt }, () => 'r-1', recent).observations);
  }
  return rules.raised;
}

describe.each([0, 2 * SECOND, 300 * SECOND])('Values of one message that share one time, %i ms ago', (agoMs) => {
  const twitch = [97, 84, 71, 70, 69].map((value) => ({ value }));
  const well = Array.from({ length: 5 }, (_, n) => ({ value: 95 + (n % 3) }));

  test('are one measurement: a twitch of the sensor rings at nobody', () => {
    expect(play([well, twitch, well], agoMs)).toEqual([]);
  });

  test('ring where the next messages say the same', () => {
    const next = twitch.map(({ value }) => ({ value: value - 0.5 }));
    const raised = play([twitch, next, twitch], agoMs);
    expect(raised).toMatchObject([{ kind: 'alarm', type: 'vitals', measure: { value: 69, forMs: 20 * SECOND } }]);
  });

  test('make no loose sensor by themselves', () => {
    const bad = Array.from({ length: BAD_IN_A_ROW }, (_, n) => ({ value: n, flags: READING_FLAGS.poor }));
    expect(play([bad], agoMs)).toEqual([]);
    expect(
      play(
        Array.from({ length: BAD_IN_A_ROW }, () => bad),
        agoMs,
      ),
    ).toMatchObject([{ type: 'sensor-loose' }]);
  });
});

test('what can be used of a moment counts, although something follows that cannot', () => {
  const message = [{ value: 70 }, { value: 0, flags: READING_FLAGS.notWorn }];
  expect(play([message, message, message], 2 * SECOND)).toMatchObject([{ type: 'vitals', measure: { value: 70 } }]);
});

test('a moment is a second of one metric, and each has one that stands for it', () => {
  const sample = fc.record({
    metric: fc.constantFrom('spo2', 'heart-rate'),
    agoMs: fc.nat({ max: 10 * SECOND }),
    flags: fc.constantFrom(0, READING_FLAGS.poor, READING_FLAGS.clock),
  });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 40 }), (samples) => {
      const readings = samples
        .map(({ agoMs, ...given }) => reading({ ...given, ts: T0 - agoMs }))
        .toSorted((a, b) => a.ts - b.ts);
      const picked = pickMoments(readings);
      for (const metric of ['spo2', 'heart-rate']) {
        const times = picked.filter((one) => one.metric === metric).map(({ ts }) => ts);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const alone = readings.filter(
          (one) =>
            one.metric === metric &&
            readings.every(
              (other) => other === one || other.metric !== metric || Math.abs(other.ts - one.ts) >= MOMENT_MS,
            ),
        );
        for (const one of alone) expect(picked).toContain(one);
      }
      for (const one of readings) {
        const isNear = picked.some(({ metric, ts }) => metric === one.metric && Math.abs(ts - one.ts) < MOMENT_MS);
        expect(isNear).toBe(true);
      }
    }),
  );
});
