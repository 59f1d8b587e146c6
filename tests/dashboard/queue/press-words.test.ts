import { expect, test } from 'vitest';
import { pressWords } from '../../../dashboard/queue/press-words.ts';

test('what was not pressed is not counted as pressed', () => {
  expect(pressWords({ types: ['sos'] })).toBe('queue.presses');
  expect(pressWords({ types: ['service', 'sos'] })).toBe('queue.presses');
  expect(pressWords({ types: ['smoke'] })).toBe('queue.alarms');
  expect(pressWords({ types: ['sos', 'smoke', 'unknown'] })).toBe('queue.alarms');
  expect(pressWords({ types: ['call'] })).toBe('queue.calls');
  expect(pressWords({ types: ['call', 'sos'] })).toBe('queue.alarms');
});
