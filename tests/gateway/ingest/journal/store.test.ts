import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JournalError } from '../../../../gateway/errors.ts';
import { idOf } from '../events.ts';
import { MemoryDisk } from '../../segments/memory-disk.ts';
import { alarm, DAY_MS, drain, openStore, read } from './store-bench.ts';

test('an appended alarm is still there after the power went off', () => {
  const memory = new MemoryDisk();
  const { store } = openStore(memory);
  store.append([alarm(1), alarm(2)]);
  store.append([alarm(3)]);
  memory.crash();
  expect(read(openStore(memory).store, 'unsettled')).toEqual([1, 2, 3]);
});

test('a settled alarm is not given as unsettled, and is still among all', () => {
  const memory = new MemoryDisk();
  const { store } = openStore(memory);
  store.append([alarm(1), alarm(2)]);
  store.settle([idOf(1)]);
  expect(read(store, 'unsettled')).toEqual([2]);
  store.append([alarm(3)]);
  memory.crash();
  const { store: next } = openStore(memory);
  expect(read(next, 'unsettled')).toEqual([2, 3]);
  expect(read(next, 'all')).toEqual([1, 2, 3]);
});

test('a settlement that a crash forgot only brings the alarm once more', () => {
  const memory = new MemoryDisk();
  const { store } = openStore(memory);
  store.append([alarm(1)]);
  store.settle([idOf(1)]);
  memory.crash();
  expect(read(openStore(memory).store, 'unsettled')).toEqual([1]);
});

test('an alarm that is settled before its old segment was scanned stays settled', () => {
  const memory = new MemoryDisk();
  openStore(memory).store.append([alarm(1), alarm(2)]);
  memory.crash();
  const { store } = openStore(memory);
  store.settle([idOf(1)]);
  expect(read(store, 'unsettled')).toEqual([2]);
});

test('segments follow each other without a gap, and the next one is ready before it is needed', () => {
  const memory = new MemoryDisk();
  const { store } = openStore(memory);
  store.append([alarm(0, 3000)]);
  drain(store);
  expect(memory.names()).toEqual(['000000000001.journal', '000000000002.journal']);
  const files = memory.names().length;
  for (let n = 1; n <= 3; n += 1) store.append([alarm(n, 3000)]);
  expect(memory.names()).toHaveLength(files);
  expect(read(store, 'all')).toEqual([0, 1, 2, 3]);
});

test('what an earlier run prepared is used again instead of piling up', () => {
  const memory = new MemoryDisk();
  for (let run = 0; run < 20; run += 1) {
    const { store } = openStore(memory);
    store.ensureReady();
    drain(store);
    memory.crash();
  }
  expect(memory.names()).toEqual(['000000000001.journal', '000000000002.journal']);
});

test('after a failed fsync that file is never written to again, and the alarm goes to the next', () => {
  const memory = new MemoryDisk();
  const { store, notices } = openStore(memory);
  store.append([alarm(1)]);
  memory.fail('syncData', 'EIO');
  store.append([alarm(2)]);
  const before = Buffer.from(memory.content('000000000001.journal'));
  store.append([alarm(3)]);
  expect(notices).toContainEqual({ code: 'segment-condemned', seq: 1, cause: 'EIO' });
  expect(memory.content('000000000001.journal').equals(before)).toBe(true);
  memory.crash();
  expect(read(openStore(memory).store, 'unsettled')).toEqual(expect.arrayContaining([1, 2, 3]));
});

test('when the next file fails as well the batch is refused with a code, and later ones work again', () => {
  const memory = new MemoryDisk();
  const { store } = openStore(memory);
  store.append([alarm(1)]);
  drain(store);
  memory.fail('syncData', 'EIO', 2);
  expect(() => store.append([alarm(2)])).toThrow(expect.objectContaining({ code: 'journal-fsync-failed' }));
  memory.fail('write', 'EIO', 1);
  store.append([alarm(3)]);
  memory.crash();
  expect(read(openStore(memory).store, 'all')).toEqual([1, 3]);
});

test('old segments go after the retention, never one with an alarm that Redis has not answered', () => {
  const memory = new MemoryDisk();
  const { store, time } = openStore(memory);
  for (let n = 0; n < 6; n += 1) store.append([alarm(n, 5000)]);
  for (const n of [0, 1, 3, 4, 5]) store.settle([idOf(n)]);
  time.wallMs += 365 * DAY_MS;
  store.tidy();
  expect(read(store, 'all')).toEqual([0, 1, 2, 3, 4, 5]);
  time.monoMs += 8 * DAY_MS;
  store.tidy();
  expect(read(store, 'unsettled')).toEqual([2]);
  expect(read(store, 'all')).toEqual([2, 5]);
});

test('a segment that cannot be read does not hide the others', () => {
  const memory = new MemoryDisk();
  const { store, notices } = openStore(memory);
  for (let n = 0; n < 3; n += 1) store.append([alarm(n, 5000)]);
  drain(store);
  memory.fail('read', 'EIO');
  expect(read(store, 'unsettled')).toEqual([1, 2]);
  expect(notices).toContainEqual({ code: 'segment-unreadable', seq: 1, cause: 'EIO' });
});

test('no file stays open that is not in use', () => {
  const memory = new MemoryDisk();
  const { store } = openStore(memory);
  for (let n = 0; n < 30; n += 1) {
    if (n % 7 === 3) memory.fail('syncData', 'EIO');
    if (n % 11 === 5) memory.fail('syncFolder', 'EIO');
    try {
      store.append([alarm(n, 3000)]);
    } catch (error) {
      expect(error).toBeInstanceOf(JournalError);
    }
    drain(store);
    store.tidy();
  }
  expect(memory.openFiles()).toBeLessThanOrEqual(2);
  store.close();
  expect(memory.openFiles()).toBe(0);
});

test('whatever fails and whenever the power goes, no appended alarm is lost', () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('append'), bytes: fc.integer({ min: 10, max: 4000 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('settle'), pick: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('idle') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('tidy') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('crash'), sectors: fc.nat() }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('fail'),
        call: fc.constantFrom('write', 'syncData', 'syncFile', 'syncFolder', 'open', 'truncate', 'close'),
        times: fc.integer({ min: 1, max: 3 }),
      }),
    },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const memory = new MemoryDisk();
      let { store } = openStore(memory);
      const appended: number[] = [];
      const settled = new Set<number>();
      let n = 0;
      for (const now of steps as {
        do: string;
        bytes?: number;
        pick?: number;
        call?: 'write';
        times?: number;
        sectors?: number;
      }[]) {
        if (now.do === 'append') {
          n += 1;
          try {
            store.append([alarm(n, now.bytes ?? 0)]);
            appended.push(n);
          } catch (error) {
            expect(error).toBeInstanceOf(JournalError);
          }
        } else if (now.do === 'settle' && appended.length > 0) {
          const picked = appended[(now.pick ?? 0) % appended.length] ?? 0;
          settled.add(picked);
          store.settle([idOf(picked)]);
        } else if (now.do === 'idle') store.idle();
        else if (now.do === 'tidy') store.tidy();
        else if (now.do === 'fail') memory.fail(now.call ?? 'write', 'EIO', now.times ?? 1);
        else if (now.do === 'crash') {
          memory.crash(now.sectors);
          ({ store } = openStore(memory));
        }
      }
      memory.crash();
      const { store: last } = openStore(memory);
      expect(read(last, 'all')).toEqual(expect.arrayContaining(appended));
      expect(read(last, 'unsettled')).toEqual(expect.arrayContaining(appended.filter((one) => !settled.has(one))));
    }),
    { numRuns: 300 },
  );
});
