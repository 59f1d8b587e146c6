import { expect, test } from 'vitest';
import { AlarmStream } from '../../../gateway/ingest/alarm-stream.ts';
import { eventOf } from './events.ts';

function replyError(message: string): Error {
  const error = new Error(message);
  error.name = 'ReplyError';
  return error;
}

test.each([
  ["OOM command not allowed when used memory > 'maxmemory'.", 'OOM'],
  ['MISCONF Errors writing to the AOF file: No space left on device', 'MISCONF'],
  ["READONLY You can't write against a read only replica.", 'READONLY'],
  ['LOADING Redis is loading the dataset in memory', 'LOADING'],
  ['CLUSTERDOWN The cluster is down', 'CLUSTERDOWN'],
])('the answer "%s" counts as silence', async (message, code) => {
  const stream = new AlarmStream({ xadd: () => Promise.reject(replyError(message)) }, () => true);
  expect(await stream.add(eventOf(1))).toEqual({ kind: 'silent', code });
});

test('a time-out and a lost connection count as silence', async () => {
  const stream = new AlarmStream({ xadd: () => Promise.reject(new Error('Command timed out')) }, () => true);
  expect(await stream.add(eventOf(1))).toEqual({ kind: 'silent', code: 'no-answer' });
});

test('whether an answer counts is judged when it comes', async () => {
  let isProven = true;
  let answer: (id: string) => void = () => {};
  const stream = new AlarmStream({ xadd: () => new Promise((resolve) => (answer = resolve)) }, () => isProven);
  const added = stream.add(eventOf(1));
  isProven = false;
  answer('5-0');
  expect(await added).toEqual({ kind: 'unproven' });
  expect(stream.lastId()).toBe('5-0');
});

test('what is sent and not answered is bounded', async () => {
  let sent = 0;
  const stream = new AlarmStream({ xadd: () => ((sent += 1), new Promise(() => {})) }, () => true, 2000);
  for (let n = 0; n < 50; n += 1) void stream.add(eventOf(n));
  expect(await stream.add(eventOf(99))).toEqual({ kind: 'silent', code: 'backlog' });
  expect(sent).toBeLessThan(15);
});
