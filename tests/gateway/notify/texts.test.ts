import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Texts } from '../../../gateway/notify/texts.ts';

const HOUR = 60 * 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function build(receive: () => Promise<'noted' | 'known' | 'unknown'> = () => Promise.resolve('noted')) {
  const open = new Set(['inc-1']);
  const received: string[] = [];
  const clock = { nowMs: () => Date.now(), monoMs: () => Date.now() };
  const texts = new Texts({
    receive: (id, { kind }) => {
      received.push(`${id} ${kind}`);
      return receive();
    },
    isOpen: (id) => open.has(id),
    clock,
    logger: pino({ level: 'silent' }),
  });
  return { texts, open, received };
}

test('an answer is awaited for a day, while the case is open, however the number is written', () => {
  const { texts, open } = build();
  texts.noteTold('+8613900000001', 'inc-1');
  expect(texts.isAwaited('013900000001')).toBe(true);
  expect(texts.isAwaited('13900000002')).toBe(false);
  open.clear();
  expect(texts.isAwaited('+8613900000001')).toBe(false);
  open.add('inc-1');
  vi.advanceTimersByTime(24 * HOUR + 1);
  expect(texts.isAwaited('+8613900000001')).toBe(false);
});

test('those who were told last are remembered, and no more than there is room for', () => {
  const { texts } = build();
  for (let n = 0; n < 3000; n += 1) texts.noteTold(`+86138${String(n).padStart(8, '0')}`, 'inc-1');
  expect(texts.isAwaited('+8613800000000')).toBe(false);
  expect(texts.isAwaited('+8613800002999')).toBe(true);
});

test('a report that is faster than the note of what was sent is noted after it', async () => {
  const answers: ('unknown' | 'noted')[] = ['unknown', 'unknown', 'noted'];
  const { texts, received } = build(() => Promise.resolve(answers.shift() ?? 'noted'));
  texts.note({ id: 'n1', receipt: 'delivered' });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(received).toEqual(['n1 delivered', 'n1 delivered', 'n1 delivered']);
});

test('while Redis is away a report is tried again, for about two minutes', async () => {
  const { texts, received } = build(() => Promise.reject(new Error('away')));
  texts.note({ id: 'n1', receipt: 'undelivered' });
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(received).toHaveLength(7);
});

test('after a stop nothing is tried any more', async () => {
  const { texts, received } = build(() => Promise.resolve('unknown'));
  texts.note({ id: 'n1', receipt: 'delivered' });
  await vi.advanceTimersByTimeAsync(0);
  texts.stop();
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(received).toHaveLength(1);
});
