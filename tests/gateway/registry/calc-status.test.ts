import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STATUS_KINDS } from '../../../gateway/api/contract/registry.ts';
import { AT_HOME, calcStatus, type StatusRow } from '../../../gateway/registry/calc-status.ts';

const row = (changes: Partial<StatusRow>): StatusRow => ({
  ...{ residentId: 'r', kind: 'hospital', from: 10, until: null, note: null, recordedAt: 10 },
  ...changes,
});
const kindAt = (rows: readonly StatusRow[], atMs: number): string => calcStatus(rows, atMs).kind;

test('nothing recorded is at home', () => {
  expect(calcStatus([], 5)).toEqual(AT_HOME);
});

test('a status that has ended is at home again, by itself', () => {
  const rows = [row({ until: 20 })];
  expect([9, 10, 19, 20, 99].map((at) => kindAt(rows, at))).toEqual([
    'at-home',
    'hospital',
    'hospital',
    'at-home',
    'at-home',
  ]);
});

test('the end of one does not bring an older one back', () => {
  const rows = [row({}), row({ kind: 'away', from: 20, recordedAt: 20, until: 30 })];
  expect([15, 25, 35].map((at) => kindAt(rows, at))).toEqual(['hospital', 'away', 'at-home']);
});

test('what began earlier counts from its recording, and says when it began', () => {
  const rows = [row({ kind: 'away', from: 20, recordedAt: 20 }), row({ from: 15, recordedAt: 30 })];
  expect(kindAt(rows, 25)).toBe('away');
  expect(calcStatus(rows, 30)).toMatchObject({ kind: 'hospital', from: 15 });
});

test('what is planned waits for its day, whatever is recorded until then', () => {
  const rows = [row({ from: 50, recordedAt: 10 }), row({ kind: 'away', from: 20, recordedAt: 20, until: 60 })];
  expect([15, 30, 50, 70].map((at) => kindAt(rows, at))).toEqual(['at-home', 'away', 'hospital', 'hospital']);
});

test('what is recorded now counts now, whatever was recorded before', () => {
  const rows = fc.array(
    fc.record({ from: fc.integer({ min: 0, max: 40 }), at: fc.integer({ min: 0, max: 20 }), ends: fc.boolean() }),
  );
  fc.assert(
    fc.property(rows, fc.constantFrom(...STATUS_KINDS), fc.integer({ min: 0, max: 20 }), (before, kind, from) => {
      const recorded = before.map((each) =>
        row({ from: each.from, recordedAt: each.at, until: each.ends ? each.from + 1 : null }),
      );
      expect(kindAt([...recorded, row({ kind, from, recordedAt: 20 })], 20)).toBe(kind);
    }),
  );
});
