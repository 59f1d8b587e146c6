import { expect, test } from 'vitest';
import { planBound, type Bound } from '../../../../gateway/telemetry/vitals/plan-bound.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const ROOMY: Bound = { bytes: GIB, isTight: false };

const look = (bound: Bound, free: number, { held = 0, total = 100 * GIB } = {}) =>
  planBound(bound, { spoolBytes: GIB, heldBytes: held, freeBytes: free, totalBytes: total });

test('with room the bound is the setting', () => {
  expect(look(ROOMY, 50 * GIB)).toEqual(ROOMY);
});

test('a small share of a large disk is room enough', () => {
  expect(look(ROOMY, 40 * GIB, { total: 1000 * GIB })).toEqual(ROOMY);
});

test('on a disk that becomes tight the spool may keep what it has, and enough for a restart of the database', () => {
  expect(look(ROOMY, 4 * GIB, { held: 300 * MIB })).toEqual({ bytes: 300 * MIB, isTight: true });
  expect(look(ROOMY, 4 * GIB)).toEqual({ bytes: 64 * MIB, isTight: true });
  expect(look(ROOMY, 40 * MIB)).toEqual({ bytes: 10 * MIB, isTight: true });
  expect(look(ROOMY, 4 * GIB, { held: 2 * GIB })).toEqual({ bytes: GIB, isTight: true });
});

test('while it is tight the bound stays, however much the database takes out of the spool', () => {
  const tight = look(ROOMY, 4 * GIB, { held: 300 * MIB });
  expect(look(tight, 4.2 * GIB)).toEqual(tight);
  expect(look(tight, 7.9 * GIB)).toEqual(tight);
});

test('with room again it is the setting', () => {
  const tight = look(ROOMY, 4 * GIB);
  expect(look(tight, 8 * GIB)).toEqual(ROOMY);
  expect(look(tight, 15 * GIB, { total: 1000 * GIB })).toEqual(ROOMY);
});
