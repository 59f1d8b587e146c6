import { expect, test } from 'vitest';
import { listMeasured, listShared } from '../../../dashboard/vitals/measured.ts';
import { calcStoredFrom } from '../../../dashboard/vitals/span.ts';

const models = new Map([
  ['watch', ['heart-rate', 'spo2']],
  ['cuff', ['systolic', 'heart-rate']],
]);
const device = (model: string, residentIds: string[], retiredAt: string | null = null) => ({
  id: `${model}-1`,
  model,
  residentIds,
  retiredAt,
});

test('what the devices of this person measure, each metric once', () => {
  const devices = [device('watch', ['a']), device('cuff', ['a']), device('unheard-of', ['a']), device('cuff', ['b'])];
  expect(listMeasured('a', devices, models)).toEqual(['heart-rate', 'spo2', 'systolic']);
  expect(listMeasured('b', devices, models)).toEqual(['systolic', 'heart-rate']);
});

test('a device that several people share measures for none of them, and is named to each', () => {
  const devices = [device('watch', ['a']), device('cuff', ['a', 'b']), device('unheard-of', ['a', 'b'])];
  expect(listMeasured('b', devices, models)).toEqual([]);
  expect(listShared('a', devices, models)).toEqual([{ deviceId: 'cuff-1', withIds: ['b'] }]);
  expect(listShared('b', devices, models)).toEqual([{ deviceId: 'cuff-1', withIds: ['a'] }]);
  expect(listShared('c', devices, models)).toEqual([]);
  expect(listShared('a', [device('cuff', ['a', 'b'], '2026-01-01T00:00:00.000Z')], models)).toEqual([]);
});

test('a retired device and one that hangs in the home for nobody measure nothing of a person', () => {
  expect(listMeasured('a', [device('watch', ['a'], '2026-01-01T00:00:00.000Z'), device('cuff', [])], models)).toEqual(
    [],
  );
});

test('it is asked for 90 days of what is stored, from the beginning of a day, and for more only where the span reaches back', () => {
  const DAY = 24 * 3_600_000;
  const now = Date.UTC(2026, 10, 22, 8, 30);
  const usual = Date.UTC(2026, 7, 24);
  expect(calcStoredFrom({ kind: 'last', preset: '24h' }, now)).toBe(usual);
  expect(calcStoredFrom({ kind: 'last', preset: '90d' }, now + 60_000)).toBe(usual);
  expect(calcStoredFrom({ kind: 'fixed', fromMs: now - 200 * DAY, toMs: now - 199 * DAY }, now)).toBe(
    usual - 110 * DAY,
  );
});
