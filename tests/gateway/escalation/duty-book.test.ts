import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DutyBook, HELPER_DUTY_MS, mergeDuty } from '../../../gateway/escalation/duty-book.ts';

const HOUR = 3_600_000;
const AT = Date.parse('2026-11-21T02:13:00.000Z');

function said(changes: object = {}): string {
  return JSON.stringify({
    on: true,
    sound: true,
    heard: ['s1'],
    at: AT,
    until: AT + HELPER_DUTY_MS,
    epoch: 1,
    ...changes,
  });
}

test('duty holds for its span on the monotonic clock, whatever the wall clock does', () => {
  fc.assert(
    fc.property(fc.integer({ min: -50 * HOUR, max: 50 * HOUR }), (jumpMs) => {
      const book = new DutyBook();
      book.take('h', said(), { wallMs: AT + jumpMs, monoMs: 1000 }, false);
      expect(book.find('h', 1, 1000 + HELPER_DUTY_MS - 1)).toMatchObject({ on: true, sound: true, heard: ['s1'] });
      expect(book.find('h', 1, 1000 + HELPER_DUTY_MS)).toBeNull();
    }),
  );
});

test('at a start what is left of it holds, and never more than its span', () => {
  const book = new DutyBook();
  book.take('old', said(), { wallMs: AT + 11 * HOUR, monoMs: 0 }, true);
  book.take('over', said(), { wallMs: AT + 13 * HOUR, monoMs: 0 }, true);
  book.take('future', said(), { wallMs: AT - 13 * HOUR, monoMs: 0 }, true);
  expect(book.find('old', 1, HOUR - 1)).not.toBeNull();
  expect(book.find('old', 1, HOUR)).toBeNull();
  expect(book.find('over', 1, 0)).toBeNull();
  expect(book.find('future', 1, 12 * HOUR - 1)).not.toBeNull();
  expect(book.find('future', 1, 12 * HOUR)).toBeNull();
});

test('the same record read again prolongs nothing; another one does', () => {
  const book = new DutyBook();
  book.take('h', said(), { wallMs: AT, monoMs: 0 }, false);
  book.take('h', said(), { wallMs: AT, monoMs: 6 * HOUR }, false);
  expect(book.find('h', 1, 12 * HOUR)).toBeNull();
  book.take('h', said({ at: AT + 1, until: AT + 1 + HELPER_DUTY_MS }), { wallMs: AT, monoMs: 6 * HOUR }, false);
  expect(book.find('h', 1, 12 * HOUR)).not.toBeNull();
});

test('revoking the sessions of a person ends their duty', () => {
  const book = new DutyBook();
  book.take('h', said(), { wallMs: AT, monoMs: 0 }, false);
  expect(book.find('h', 2, 1)).toBeNull();
  expect(book.find('h', 1, 1)).not.toBeNull();
});

test('what is no record of ours changes nothing and breaks nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (raw) => {
      const book = new DutyBook();
      book.take('h', said(), { wallMs: AT, monoMs: 0 }, false);
      book.take('h', raw, { wallMs: AT, monoMs: 0 }, false);
      expect(book.find('h', 1, 1)).toMatchObject({ on: true, sound: true, heard: ['s1'] });
    }),
  );
  const book = new DutyBook();
  book.take('h', said({ until: AT + 1000 * HOUR }), { wallMs: AT, monoMs: 0 }, false);
  expect(book.find('h', 1, 72 * HOUR)).toBeNull();
});

test('one of two computers that cannot be heard takes nothing from the other; on and off are said for both', () => {
  const ON = { on: true, sound: true };
  const UNHEARD = { on: true, sound: false };
  const first = mergeDuty(null, ON, 'a');
  expect(first).toEqual({ on: true, sound: true, heard: ['a'] });
  expect(mergeDuty(first, UNHEARD, 'b')).toEqual(first);
  const both = mergeDuty(first, ON, 'b');
  expect(both.heard).toEqual(['a', 'b']);
  expect(mergeDuty(both, ON, 'a').heard.toSorted()).toEqual(['a', 'b']);
  expect(mergeDuty(both, UNHEARD, 'a')).toEqual({ on: true, sound: true, heard: ['b'] });
  expect(mergeDuty(first, UNHEARD, 'a')).toEqual({ on: true, sound: false, heard: [] });
  const off = mergeDuty(both, { on: false, sound: true }, 'b');
  expect(off).toEqual({ on: false, sound: false, heard: [] });
  expect(mergeDuty(off, UNHEARD, 'a').heard).toEqual([]);
});
