import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readingsOfMqttJson } from '../../../devices/meaning/mqtt-json-vitals.ts';
import { READING_FLAGS } from '../../../devices/reading.ts';
import { findMetric, VITAL_METRICS } from '../../../devices/vital-metrics.ts';
import { anyVitals } from '../../protocols/mqtt-json/arbitraries.ts';

const AT = 1_772_323_200_000;
const { notWorn, poor, implausible, unknownUnit } = READING_FLAGS;

test.each([
  ['temperature', 98.6, '[degF]', 37],
  ['temperature', 36.55, 'Cel', 36.55],
  ['temperature', 37.2, '°C', 37.2],
  ['glucose', 126, 'mg/dL', 7],
  ['systolic', 16, 'kPa', 120],
  ['weight', 120, '斤', 60],
  ['weight', 150, 'lb', 68],
  ['sleep-minutes', 7.5, 'h', 450],
  ['heart-rate', 72, 'bpm', 72],
  ['heart-rate', 72, undefined, 72],
])('%s %d %s is %d in our unit', (metric, value, unit, expected) => {
  const reading = unit === undefined ? { metric, value } : { metric, value, unit };
  expect(readingsOfMqttJson({ readings: [reading] })).toEqual([{ metric, value: expected, flags: 0 }]);
});

test('the time of a reading wins over that of the message', () => {
  const readings = [
    { metric: 'spo2', value: 96, at: AT - 60_000 },
    { metric: 'spo2', value: 97 },
  ];
  expect(readingsOfMqttJson({ at: AT, readings }).map(({ at }) => at)).toEqual([AT - 60_000, AT]);
  expect(readingsOfMqttJson({ readings: [{ metric: 'spo2', value: 97 }] })).toEqual([
    { metric: 'spo2', value: 97, flags: 0 },
  ]);
});

test.each([
  [{ metric: 'spo2', value: 96, worn: false }, notWorn],
  [{ metric: 'spo2', value: 96, quality: 'poor' }, poor],
  [{ metric: 'spo2', value: 96, quality: 'none', worn: false }, notWorn | poor],
  [{ metric: 'spo2', value: 101 }, implausible],
  [{ metric: 'heart-rate', value: 0, worn: false }, implausible | notWorn],
  [{ metric: 'spo2', value: 96, unit: 'furlong' }, unknownUnit],
  [{ metric: 'spo2', value: 96, unit: 'constructor' }, unknownUnit],
  [{ metric: 'mood', value: 3 }, unknownUnit],
  [{ metric: 'spo2', value: 96, quality: 'ok', worn: true }, 0],
] as const)('%j is flagged with %d and kept', (reading, flags) => {
  const { metric, value } = reading;
  expect(readingsOfMqttJson({ readings: [reading] })).toEqual([{ metric, value, flags }]);
});

test('whatever a device measures, each reading comes out once, finite, and unflagged only within what a person can have', () => {
  fc.assert(
    fc.property(anyVitals, (vitals) => {
      const readings = readingsOfMqttJson(vitals);
      expect(readings.map(({ metric }) => metric)).toEqual(vitals.readings.map(({ metric }) => metric));
      for (const { metric, value, flags } of readings) {
        expect(Number.isFinite(value) && !Object.is(value, -0)).toBe(true);
        const known = findMetric(metric);
        if (flags === 0) expect(known !== undefined && value >= known.min && value <= known.max).toBe(true);
      }
    }),
  );
});

test('every spelling of a unit stands in lower case, and no range is empty', () => {
  for (const { accepts, min, max } of Object.values(VITAL_METRICS)) {
    for (const unit of Object.keys(accepts)) expect(unit).toBe(unit.toLowerCase());
    expect(min).toBeLessThan(max);
  }
});
