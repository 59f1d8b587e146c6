import { expect, test } from 'vitest';
import { chooseRows } from '../../../scripts/bench/choose-rows.ts';
import { ROWS } from '../../../scripts/bench/rows.ts';

const named = (chosen: ReturnType<typeof chooseRows>): unknown =>
  'unknown' in chosen ? chosen : chosen.rows.map(({ name }) => name);

test('without a name it is all of them', () => {
  expect(named(chooseRows(ROWS, []))).toEqual(ROWS.map(({ name }) => name));
});

test('some are run in the order of the table, each once', () => {
  expect(named(chooseRows(ROWS, ['memory', 'acks', 'memory']))).toEqual(['acks', 'memory']);
});

test('a name that there is not runs nothing', () => {
  expect(named(chooseRows(ROWS, ['acks', 'aks', 'toString']))).toEqual({ unknown: ['aks', 'toString'] });
});

test('no two rows have one name', () => {
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
});
