import { expect, test } from 'vitest';
import { IDLE, planSend, settle, type Command } from '../../../dashboard/api/command.ts';
import { failureOf, type FailureCode } from '../../../dashboard/api/failure.ts';

function keys() {
  let n = 0;
  return () => {
    n += 1;
    return `key-${n}`;
  };
}

function failed(code: FailureCode): Command {
  return { phase: 'failed', key: 'key-0', intent: 'claim', failure: failureOf(code) };
}

test('a double click sends once', () => {
  const newKey = keys();
  const first = planSend(IDLE, 'claim', newKey);
  expect(first).toMatchObject({ phase: 'sending', key: 'key-1' });
  expect(planSend(first ?? IDLE, 'claim', newKey)).toBeNull();
});

test.each(['network', 'unexpected', 'internal', 'degraded'] as const)(
  'after %s the same intent goes out under the same key, for it may have been done',
  (code) => {
    expect(planSend(failed(code), 'claim', keys())?.key).toBe('key-0');
  },
);

test.each(['claimed-by-other', 'contact-needed', 'wrong-state', 'forbidden', 'bad-request'] as const)(
  'after the refusal %s asking again is a new question',
  (code) => {
    expect(planSend(failed(code), 'claim', keys())?.key).toBe('key-1');
  },
);

test('a changed text is a new intent even after an unknown outcome', () => {
  expect(planSend(failed('network'), 'other words', keys())?.key).toBe('key-1');
});

test('an answer to an earlier sending changes nothing', () => {
  const sending: Command = { phase: 'sending', key: 'key-2', intent: 'claim' };
  expect(settle(sending, 'key-1', { ok: true, value: null })).toBe(sending);
  expect(settle(sending, 'key-2', { ok: true, value: null })).toEqual(IDLE);
});
