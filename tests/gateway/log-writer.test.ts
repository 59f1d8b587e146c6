import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LogWriter, type LogSink } from '../../gateway/log-writer.ts';

const MIB = 1024 * 1024;
const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A sink that answers when told to, and what it has taken. */
function manualSink() {
  const pending: { bytes: Buffer; done: (error: Error | null, taken: number) => void }[] = [];
  const taken: string[] = [];
  const sink: LogSink = {
    begin: (bytes, done) => void pending.push({ bytes, done }),
    force: (bytes) => {
      taken.push(bytes.toString());
      return bytes.length;
    },
  };
  const answer = (error: Error | null = null, most = Infinity): void => {
    const next = pending.shift();
    if (next === undefined) throw new Error('nothing is being written');
    const bytes = error === null ? next.bytes.subarray(0, most) : Buffer.alloc(0);
    taken.push(bytes.toString());
    next.done(error, bytes.length);
  };
  const writer = new LogWriter(sink, (lines) => `lost ${lines}\n`);
  return { writer, answer, pending, text: () => taken.join('') };
}

test('lines are written in order, one write at a time, also when the sink takes a part', () => {
  const { writer, answer, pending, text } = manualSink();
  for (const line of ['one\n', 'two\n', 'three\n']) writer.write(line);
  expect(pending).toHaveLength(1);
  answer(null, 2);
  while (pending.length > 0) answer();
  expect(text()).toBe('one\ntwo\nthree\n');
});

test('a full disk costs nothing but time: the lines are tried again', () => {
  const { writer, answer, pending, text } = manualSink();
  writer.write('one\n');
  answer(full);
  writer.write('two\n');
  expect(pending).toHaveLength(0);
  vi.advanceTimersByTime(100);
  answer(full);
  vi.advanceTimersByTime(100);
  while (pending.length > 0) answer();
  expect(text()).toBe('one\ntwo\n');
});

test('a sink that never answers costs a bounded amount of memory, and how many lines were lost is told', () => {
  const { writer, answer, pending, text } = manualSink();
  const line = `${'x'.repeat(1023)}\n`;
  for (let n = 0; n < 10 * 1024; n += 1) writer.write(line);
  while (pending.length > 0) answer();
  expect(text().length).toBeLessThan(5 * MIB);
  const kept = text()
    .split('\n')
    .filter((found) => found.startsWith('x')).length;
  expect(text().endsWith(`lost ${10 * 1024 - kept}\n`)).toBe(true);
});

test('at the end what waits is written at once', () => {
  const { writer, answer, text } = manualSink();
  writer.write('one\n');
  answer(full);
  writer.write('two\n');
  writer.flushSync();
  expect(text()).toBe('one\ntwo\n');
});

test('at the end nothing is written behind a write that hangs', () => {
  const { writer, text } = manualSink();
  writer.write('one\n');
  writer.write('two\n');
  writer.flushSync();
  expect(text()).toBe('');
});

test('at the end a disk that is still full is no fault', () => {
  const refuse: LogSink = {
    begin: (_bytes, done) => done(full, 0),
    force: () => {
      throw full;
    },
  };
  const writer = new LogWriter(refuse, () => '');
  writer.write('one\n');
  expect(() => writer.flushSync()).not.toThrow();
});
