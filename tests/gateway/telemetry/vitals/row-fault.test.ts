import { expect, test } from 'vitest';
import { isMaybeRowFault } from '../../../../gateway/telemetry/vitals/store-batch.ts';

const faultOf = (code: string, constraint?: string): Error =>
  Object.assign(new Error('refused'), { code, ...(constraint === undefined ? {} : { constraint }) });

test.each([
  ['22003', 'a value out of range'],
  ['23502', 'a null'],
  ['54000', 'too large for the index'],
  ['P0001', "somebody's trigger"],
])('%s may be about the row: %s', (code) => {
  expect(isMaybeRowFault(faultOf(code))).toBe(true);
});

test('so may be a check that has a name', () => {
  expect(isMaybeRowFault(faultOf('23514', 'observations_check'))).toBe(true);
});

test.each([
  ['23514', 'no part for the day'],
  ['42P01', 'no table'],
  ['XX001', 'damaged data'],
  ['XX002', 'a damaged index'],
  ['53100', 'a full disk'],
  ['55P03', 'a lock'],
  ['57P03', 'starting up'],
  ['3D000', 'no such database'],
  ['28P01', 'a wrong password'],
  ['0A000', 'a feature that the server lacks'],
  ['EPIPE', 'a broken line'],
])('for %s no row is put aside: %s', (code) => {
  expect(isMaybeRowFault(faultOf(code))).toBe(false);
});
