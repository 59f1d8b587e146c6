import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Texts } from '../../../gateway/notify/texts.ts';

const HOUR = 60 * 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function build(receive: () => Promise<'noted' | 'known' | 'unknown'> = () => Promise.resolve('noted')) {
  const open = new Map([['inc-1', { residentId: 'wang' }]]);
  const received: string[] = [];
  const clock = { nowMs: () => Date.now(), monoMs: () => Date.now() };
  const texts = new Texts({
    receive: (id, { kind }) => {
      received.push(`${id} ${kind}`);
      return receive();
    },
    findOpen: (id) => open.get(id),
    clock,
    logger: pino({ level: 'silent' }),
  });
  return { texts, open, received };
}

test('an answer is awaited for a day, while the case is open, however the number is written', () => {
  const { texts, open } = build();
  texts.noteTold('+8613900000001', 'inc-1');
  expect(texts.awaited('013900000001')).toEqual({ residentId: 'wang' });
  expect(texts.awaited('13900000002')).toBeNull();
  open.clear();
  expect(texts.awaited('+8613900000001')).toBeNull();
  open.set('inc-1', { residentId: 'wang' });
  vi.advanceTimersByTime(24 * HOUR + 1);
  expect(texts.awaited('+8613900000001')).toBeNull();
});

test('those who were told last are remembered, and no more than there is room for', () => {
  const { texts } = build();
  for (let n = 0; n < 3000; n += 1) texts.noteTold(`+86138${String(n).padStart(8, '0')}`, 'inc-1');
  expect(texts.awaited('+8613800000000')).toBeNull();
  expect(texts.awaited('+8613800002999')).not.toBeNull();
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

test('what was being noted at a stop is not tried again behind it', async () => {
  const asked = Promise.withResolvers<'unknown'>();
  const { texts, received } = build(() => asked.promise);
  texts.note({ id: 'n1', receipt: 'delivered' });
  texts.stop();
  asked.resolve('unknown');
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(received).toHaveLength(1);
});
