import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { READING_FLAGS, type Reading } from '../../../../devices/reading.ts';
import { judgeMessage } from '../../../../gateway/telemetry/vitals/judge.ts';
import { RecentReadings } from '../../../../gateway/telemetry/vitals/recent.ts';

const NOW = 1_772_323_200_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function judgeAll(messages: readonly { at?: number; readings: readonly Reading[] }[], recent = new RecentReadings()) {
  return messages.map(({ readings, at = NOW }) =>
    judgeMessage({ deviceId: 'w-1', readings, receivedAt: at }, () => 'r-1', recent),
  );
}

function judge(readings: readonly Reading[], at = NOW) {
  const [judged] = judgeAll([{ readings, at }]);
  if (judged === undefined) throw new Error('nothing judged');
  return judged;
}

const spo2 = (value: number, at?: number): Reading => ({
  metric: 'spo2',
  value,
  flags: 0,
  ...(at === undefined ? {} : { at }),
});

describe('the time of a reading', () => {
  test.each([
    ['just now', 0, true],
    ['an hour ahead', HOUR, true],
    ['more than an hour ahead', HOUR + 1, false],
    ['thirty days ago', -30 * DAY, true],
    ['more than thirty days ago', -30 * DAY - 1, false],
    ['in 1970', -NOW, false],
  ])('%s', (_, offset, isBelieved) => {
    const [row] = judge([spo2(96, NOW + offset)]).observations;
    expect(row).toMatchObject(isBelieved ? { ts: NOW + offset, flags: 0 } : { ts: NOW, flags: READING_FLAGS.clock });
  });

  test('without one it is that of receipt, and nothing is wrong with it', () => {
    expect(judge([spo2(96)]).observations).toMatchObject([{ ts: NOW, flags: 0, receivedAt: NOW }]);
  });

  test('several readings of a metric without a time keep their order and their places', () => {
    const { observations, repeats } = judge([
      spo2(96),
      spo2(95),
      { metric: 'heart-rate', value: 70, flags: 0 },
      spo2(96),
    ]);
    expect(observations.map(({ ts, value }) => [ts - NOW, value])).toEqual([
      [0, 96],
      [1, 95],
      [0, 70],
      [2, 96],
    ]);
    expect(repeats).toBe(0);
  });
});

describe('readings that share a time', () => {
  test.each([6, 40])('of %i different ones in a message each has its place, in their order', (count) => {
    const values = Array.from({ length: count }, (_, index) => 99 - index);
    const [first, again] = judgeAll([
      { readings: values.map((value) => spo2(value, NOW)) },
      { readings: values.map((value) => spo2(value, NOW)), at: NOW + 1000 },
    ]);
    expect(first?.observations.map(({ ts, value }) => [ts - NOW, value])).toEqual(
      values.map((value, index) => [index, value]),
    );
    // Where it is not known any more it is the same row, which the table knows.
    const keys = new Set(first?.observations.map(({ ts, value }) => `${ts} ${value}`));
    expect(again?.observations.filter(({ ts, value }) => !keys.has(`${ts} ${value}`))).toEqual([]);
    if (count <= 16) expect(again?.repeats).toBe(count);
  });

  test('by a clock of whole seconds, message by message, too; sent again they are known', () => {
    const messages = [{ readings: [spo2(97, NOW)] }, { readings: [spo2(84, NOW)] }, { readings: [spo2(71, NOW)] }];
    const judged = judgeAll([...messages, ...messages.toReversed()]);
    expect(judged.flatMap(({ observations }) => observations.map(({ ts, value }) => [ts - NOW, value]))).toEqual([
      [0, 97],
      [1, 84],
      [2, 71],
    ]);
  });

  test('other metrics stand where they were taken', () => {
    const rows = judge([spo2(97, NOW), { metric: 'heart-rate', value: 70, flags: 0, at: NOW }]).observations;
    expect(rows.map(({ ts }) => ts)).toEqual([NOW, NOW]);
  });

  test('whatever is sent, no reading takes the place of another, and none is lost but what was said twice', () => {
    const anyReading = fc.record({
      metric: fc.constantFrom('spo2', 'heart-rate'),
      at: fc.integer({ min: NOW, max: NOW + 5 }),
      value: fc.integer({ min: 60, max: 99 }),
      flags: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(fc.array(anyReading, { maxLength: 60 }), { maxLength: 3 }), (messages) => {
        const rows = judgeAll(messages.map((readings) => ({ readings }))).flatMap(({ observations }) => observations);
        if (messages.flat().length <= 16 || messages.length === 1) {
          expect(new Set(rows.map(({ metric, ts }) => `${metric} ${ts}`)).size).toBe(rows.length);
        }
        for (const { metric, value } of messages.flat()) {
          expect(rows.some((row) => row.metric === metric && row.value === value)).toBe(true);
        }
      }),
    );
  });
});

describe('what was said before', () => {
  test('the same reading twice in a message is one', () => {
    expect(judge([spo2(96, NOW), spo2(96, NOW), spo2(95, NOW)])).toMatchObject({
      observations: [{ value: 96 }, { value: 95 }],
      repeats: 1,
    });
  });

  test('a message that is sent again brings nothing, also after hours', () => {
    const readings = [spo2(96, NOW), spo2(97, NOW + 1)];
    const [first, again] = judgeAll([{ readings }, { readings, at: NOW + HOUR }]);
    expect(first?.observations).toHaveLength(2);
    expect(again).toEqual({ observations: [], repeats: 2 });
  });

  test('without a time it is the same message for five seconds, and a new one after them', () => {
    const readings = [spo2(96)];
    const judged = judgeAll([{ readings }, { readings, at: NOW + 5000 }, { readings, at: NOW + 5001 }]);
    expect(judged.map(({ observations }) => observations.length)).toEqual([1, 0, 1]);
  });

  test('a clock that is wild and runs is no repeat', () => {
    const judged = judgeAll([{ readings: [spo2(96, 1000)] }, { readings: [spo2(96, 2000)], at: NOW + 1000 }]);
    expect(judged.map(({ observations }) => observations.length)).toEqual([1, 1]);
  });

  test('another device is another device', () => {
    const recent = new RecentReadings();
    const of = (deviceId: string) =>
      judgeMessage({ deviceId, readings: [spo2(96, NOW)], receivedAt: NOW }, () => null, recent).observations;
    expect([of('a').length, of('b').length, of('a').length]).toEqual([1, 1, 0]);
  });

  test('only so much is remembered', () => {
    const recent = new RecentReadings();
    judgeAll(
      [{ readings: [spo2(96, NOW)] }, { readings: Array.from({ length: 16 }, (_, i) => spo2(90, NOW + 10 * i)) }],
      recent,
    );
    const [again] = judgeAll([{ readings: [spo2(96, NOW)] }], recent);
    expect(again?.observations).toHaveLength(1);
  });
});

test('a reading belongs to whom the device belonged to when it was taken', () => {
  const readings = [spo2(96, NOW - DAY), spo2(97, NOW)];
  const { observations } = judgeMessage(
    { deviceId: 'w-1', readings, receivedAt: NOW },
    (_, atMs) => (atMs < NOW - HOUR ? 'before' : null),
    new RecentReadings(),
  );
  expect(observations.map(({ residentId }) => residentId)).toEqual(['before', null]);
});

test('whatever comes, each reading is a row or a repeat, its time is within the window, and judging again gives nothing', () => {
  const anyReading: fc.Arbitrary<Reading> = fc
    .record({
      metric: fc.constantFrom('spo2', 'heart-rate', 'mood'),
      value: fc.constantFrom(0, 1, 96.5),
      flags: fc.integer({ min: 0, max: 7 }),
      at: fc.option(fc.oneof(fc.integer({ min: 0, max: 3 * NOW }), fc.integer({ min: NOW - 3, max: NOW + 3 })), {
        nil: undefined,
      }),
    })
    .map(({ at, ...reading }) => (at === undefined ? reading : { ...reading, at }));
  fc.assert(
    fc.property(fc.array(anyReading, { maxLength: 12 }), (readings) => {
      const recent = new RecentReadings();
      const [first, again] = judgeAll([{ readings }, { readings }], recent);
      expect((first?.observations.length ?? 0) + (first?.repeats ?? 0)).toBe(readings.length);
      for (const { ts, flags } of first?.observations ?? []) {
        expect(ts).toBeGreaterThanOrEqual(NOW - 30 * DAY);
        expect(ts).toBeLessThanOrEqual(NOW + HOUR);
        if ((flags & READING_FLAGS.clock) !== 0) expect(ts - NOW).toBeLessThan(1000);
      }
      const isTimed = readings.every(({ at }) => at !== undefined && at >= NOW - 30 * DAY && at <= NOW + HOUR);
      if (isTimed) expect(again?.observations).toEqual([]);
    }),
  );
});
