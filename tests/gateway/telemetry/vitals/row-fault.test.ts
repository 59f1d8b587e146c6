import { expect, test } from 'vitest';
import { isMaybeRowFault } from '../../../../gateway/telemetry/vitals/store-batch.ts';

const faultOf = (code: string, constraint?: string): Error =>
  Object.assign(new Error('refused'), { code, ...(constraint === undefined ? {} : { constraint }) });

test.each([
  ['22003', undefined, 'a value out of range'],
  ['23514', 'observations_check', 'a check that has a name'],
  ['23502', undefined, 'a null'],
  ['54000', undefined, 'too large for the index'],
  ['P0001', undefined, "somebody's trigger"],
])('%s may be about the row: %s %s', (code, constraint) => {
  expect(isMaybeRowFault(faultOf(code, constraint))).toBe(true);
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
