import { expect, test } from 'vitest';
import { readPlan } from '../../../../scripts/bench/chart/read-plan.ts';

const plan = (...scans: readonly object[]): unknown => [
  {
    Plan: {
      'Node Type': 'Aggregate',
      'Actual Rows': 3,
      'Actual Loops': 1,
      Plans: [{ 'Node Type': 'Append', Plans: scans }],
    },
  },
];

test('rows that a scan looked at count, also those that it let go, and those of each loop', () => {
  const scan = { 'Relation Name': 'hours', 'Actual Rows': 10, 'Rows Removed by Filter': 5, 'Actual Loops': 2 };
  expect(readPlan(plan(scan))).toEqual({ rows: 30, tables: ['hours'] });
});

test('a table that was in the plan and never read is not told', () => {
  const read = { 'Relation Name': 'b', 'Actual Rows': 1, 'Rows Removed by Index Recheck': 4, 'Actual Loops': 1 };
  const never = { 'Relation Name': 'c', 'Actual Rows': 0, 'Actual Loops': 0 };
  expect(readPlan(plan(never, read, { ...read, 'Relation Name': 'a' }))).toEqual({ rows: 10, tables: ['a', 'b'] });
});

test('no plan reads nothing', () => {
  expect(readPlan([])).toEqual({ rows: 0, tables: [] });
});
