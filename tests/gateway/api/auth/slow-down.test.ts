import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calcDelayMs, normalizeAddress, SlowDown } from '../../../../gateway/api/auth/slow-down.ts';

const rule = { free: 3, firstDelayMs: 250, maxDelayMs: 5_000 };

test('the delay grows with failures up to its bound, and is never a refusal', () => {
  fc.assert(
    fc.property(fc.nat(10_000), (failures) => {
      const delay = calcDelayMs(failures, rule);
      expect(delay).toBeLessThanOrEqual(rule.maxDelayMs);
      expect(calcDelayMs(failures + 1, rule)).toBeGreaterThanOrEqual(delay);
    }),
  );
  expect([0, 2, 3, 4, 5].map((failures) => calcDelayMs(failures, rule))).toEqual([0, 0, 250, 500, 1_000]);
});

function fail(slowDown: SlowDown, account: string, address: string, times: number): void {
  for (let count = 0; count < times; count += 1) slowDown.failed(account, address);
}

test('guessing at one account slows that account from everywhere, and no other account', () => {
  const slowDown = new SlowDown(() => 0);
  fail(slowDown, 'wang', '10.0.0.1', 6);
  expect(slowDown.delayMs('wang', '10.9.9.9')).toBe(2_000);
  expect(slowDown.delayMs('li', '10.9.9.9')).toBe(0);
});

test('guessing at many accounts slows the address', () => {
  const slowDown = new SlowDown(() => 0);
  for (let count = 0; count < 25; count += 1) slowDown.failed(`user ${count}`, '10.0.0.1');
  expect(slowDown.delayMs('wang', '10.0.0.1')).toBe(5_000);
  expect(slowDown.delayMs('wang', '10.0.0.2')).toBe(0);
});

test('a right password clears the account but not the address', () => {
  const slowDown = new SlowDown(() => 0);
  fail(slowDown, 'mine', '10.0.0.1', 22);
  slowDown.succeeded('mine');
  expect(slowDown.delayMs('mine', '10.0.0.2')).toBe(0);
  expect(slowDown.delayMs('mine', '10.0.0.1')).toBeGreaterThan(0);
});

test('failures are forgotten after a quarter of an hour', () => {
  let now = 0;
  const slowDown = new SlowDown(() => now);
  fail(slowDown, 'wang', '10.0.0.1', 10);
  now = 15 * 60_000;
  expect(slowDown.delayMs('wang', '10.0.0.1')).toBe(0);
});

test('one address cannot take all places, and a place given back is free again', () => {
  const slowDown = new SlowDown(() => 0);
  const taken = Array.from({ length: 30 }, (_, n) => slowDown.enter(`user-${n}`, '10.0.0.1'));
  expect(taken.filter(Boolean)).toHaveLength(20);
  expect(slowDown.enter('wang', '10.0.0.2')).toBe(true);
  slowDown.leave('user-0', '10.0.0.1');
  expect(slowDown.enter('wang', '10.0.0.1')).toBe(true);
});

test('behind one address a guesser of one account leaves places to the others', () => {
  const slowDown = new SlowDown(() => 0);
  const taken = Array.from({ length: 30 }, () => slowDown.enter('admin', '10.0.0.1'));
  expect(taken.filter(Boolean)).toHaveLength(5);
  for (let n = 0; n < 15; n += 1) expect(slowDown.enter(`console-${n}`, '10.0.0.1')).toBe(true);
  slowDown.leave('admin', '10.0.0.1');
  expect(slowDown.enter('admin', '10.0.0.1')).toBe(true);
});

test('a guesser elsewhere takes nothing of the share that an account has at its own address', () => {
  const slowDown = new SlowDown(() => 0);
  for (let n = 0; n < 30; n += 1) slowDown.enter('wang', '192.0.2.7');
  expect(slowDown.enter('wang', '10.0.0.1')).toBe(true);
});

test('a flood of names does not grow the memory without bound', () => {
  const slowDown = new SlowDown(() => 0);
  for (let count = 0; count < 30_000; count += 1) slowDown.failed(`user ${count}`, `10.0.${count >> 8}.${count & 255}`);
  expect(slowDown.delayMs('user 0', 'elsewhere')).toBe(0);
});

test('an IPv6 customer is one address, however the address is written', () => {
  expect(normalizeAddress('::ffff:10.0.0.1')).toBe('10.0.0.1');
  expect(normalizeAddress('2001:db8:1:2:3:4:5:6')).toBe(normalizeAddress('2001:0DB8:1:2::9'));
  expect(normalizeAddress('2001:db8::1')).not.toBe(normalizeAddress('2001:db8:0:1::1'));
  expect(normalizeAddress('::1')).toBe('0:0:0:0');
});
