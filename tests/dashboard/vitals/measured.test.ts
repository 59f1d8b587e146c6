import { expect, test } from 'vitest';
import { listMeasured } from '../../../dashboard/vitals/measured.ts';

const models = new Map([
  ['watch', ['heart-rate', 'spo2']],
  ['cuff', ['systolic', 'heart-rate']],
]);
const device = (model: string, residentIds: string[], retiredAt: string | null = null) => ({
  model,
  residentIds,
  retiredAt,
});

test('what the devices of this person measure, each metric once', () => {
  const devices = [device('watch', ['a']), device('cuff', ['a', 'b']), device('unheard-of', ['a'])];
  expect(listMeasured('a', devices, models)).toEqual(['heart-rate', 'spo2', 'systolic']);
  expect(listMeasured('b', devices, models)).toEqual(['systolic', 'heart-rate']);
});

test('a retired device and one that hangs in the home for nobody measure nothing of a person', () => {
  expect(listMeasured('a', [device('watch', ['a'], '2026-01-01T00:00:00.000Z'), device('cuff', [])], models)).toEqual(
    [],
  );
});
