import { expect, test } from 'vitest';
import { buildByHand, EMPTY_BY_HAND } from '../../../dashboard/by-hand/draft.ts';

test('somebody or some words are needed', () => {
  expect(buildByHand({ ...EMPTY_BY_HAND, text: '  ' })).toEqual({ ok: false, fault: 'needed' });
  expect(buildByHand({ ...EMPTY_BY_HAND, text: 'does not open' })).toMatchObject({
    ok: true,
    body: { text: 'does not open' },
  });
  expect(buildByHand({ ...EMPTY_BY_HAND, residentId: 'r1' })).toEqual({
    ok: true,
    body: { type: 'sos', source: 'phone', residentId: 'r1' },
  });
});

test.each([
  ['+86 138-0574 1234', '+8613805741234'],
  ['138 0574 1234', '+8613805741234'],
  ['+44 20 7123 4567', '+442071234567'],
])('the number %s is taken as %s', (typed, number) => {
  const built = buildByHand({ ...EMPTY_BY_HAND, residentId: 'r1', number: typed });
  expect(built.ok && built.body.callerNumber).toBe(number);
});

test.each(['6288 0101', 'unknown', '+0123456', '+'])('%s is not guessed at', (number) => {
  expect(buildByHand({ ...EMPTY_BY_HAND, residentId: 'r1', number })).toEqual({ ok: false, fault: 'numberWrong' });
});
