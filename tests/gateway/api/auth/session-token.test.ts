import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csrfOf, readSession, signSession } from '../../../../gateway/api/auth/session-token.ts';

const KEY = Buffer.alloc(32, 1);
const claims = { u: 'u-1', e: 3, x: 10_000, s: 'abc' };
const token = signSession(claims, KEY);

test('what was signed is read until it ends', () => {
  expect(readSession(token, KEY, 9_999)).toEqual(claims);
  expect(readSession(token, KEY, 10_000)).toBeUndefined();
});

test('one changed character is refused, wherever it stands', () => {
  for (let index = 0; index < token.length; index += 1) {
    const other = token[index] === 'A' ? 'B' : 'A';
    const forged = token.slice(0, index) + other + token.slice(index + 1);
    expect(readSession(forged, KEY, 0), `at ${index}`).toBeUndefined();
  }
});

test('another key is refused', () => {
  expect(readSession(token, Buffer.alloc(32, 2), 0)).toBeUndefined();
});

test('any text is read without a throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readSession(text, KEY, 0)).toBeUndefined();
      expect(readSession(`zj1.${text}`, KEY, 0)).toBeUndefined();
    }),
  );
  expect(readSession('zj1.'.padEnd(1_000_000, 'A'), KEY, 0)).toBeUndefined();
});

test('a csrf token is no session token and belongs to one session', () => {
  const other = signSession({ ...claims, s: 'xyz' }, KEY);
  expect(csrfOf(token, KEY)).not.toBe(csrfOf(other, KEY));
  expect(token.endsWith(csrfOf(token, KEY))).toBe(false);
});
