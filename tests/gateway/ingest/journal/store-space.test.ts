import { expect, test } from 'vitest';
import { JournalError } from '../../../../gateway/errors.ts';
import { idOf } from '../events.ts';
import { MemoryDisk } from '../../segments/memory-disk.ts';
import { alarm, drain, openStore, read, SETTINGS } from './store-bench.ts';

test('a full disk costs the reserve first, then what Redis has already, then it is said', () => {
  const memory = new MemoryDisk();
  const { store, notices } = openStore(memory);
  store.tidy();
  store.append([alarm(0, 5000)]);
  store.settle([idOf(0)]);
  memory.capacityBytes = 8192 * 4 + 2000;
  let n = 1;
  const fill = (): void => {
    for (; n < 40; n += 1) {
      store.append([alarm(n, 5000)]);
      drain(store);
    }
  };
  expect(fill).toThrow(expect.objectContaining({ code: 'journal-no-space' }));
  expect(notices.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['reserve-released', 'removed-under-pressure']),
  );
  const kept = Array.from({ length: n - 1 }, (_, index) => index + 1);
  expect(kept.length).toBeGreaterThan(2);
  expect(read(store, 'unsettled')).toEqual(kept);
  memory.capacityBytes = Infinity;
  store.append([alarm(99)]);
  expect(read(store, 'unsettled')).toEqual([...kept, 99]);
  store.tidy();
  expect(store.stats().hasReserve).toBe(true);
});

test('below two percent of free space the reserve makes room, and it comes back only when there is plenty', () => {
  const memory = new MemoryDisk();
  const { store, notices } = openStore(memory);
  store.append([alarm(0)]);
  store.tidy();
  const usedBytes = (): number => {
    const { freeBytes, totalBytes } = memory.disk.space('/journal');
    return totalBytes - freeBytes;
  };
  memory.capacityBytes = 1_000_000;
  const othersTake = (sharePct: number): void => {
    memory.capacityBytes = Math.round((usedBytes() * 100) / sharePct);
  };
  othersTake(97);
  store.watchSpace();
  expect(store.stats().hasReserve).toBe(true);
  othersTake(98.5);
  store.watchSpace();
  store.watchSpace();
  expect(store.stats().hasReserve).toBe(false);
  expect(notices.map(({ code }) => code)).toEqual(['reserve-released']);
  store.tidy();
  expect(store.stats().hasReserve).toBe(false);
  memory.capacityBytes = 10_000_000;
  store.tidy();
  expect(store.stats().hasReserve).toBe(true);
});

test('what a killed run did not use goes back to the disk, and its alarms stay', () => {
  const memory = new MemoryDisk();
  const { store } = openStore(memory);
  store.append([alarm(1, 100)]);
  drain(store);
  memory.crash();
  const { store: next } = openStore(memory);
  expect(memory.content('000000000001.journal')).toHaveLength(SETTINGS.segmentBytes);
  expect(read(next, 'unsettled')).toEqual([1]);
  expect(memory.content('000000000001.journal')).toHaveLength(4096);
});

test('a beat tries the disk and is no alarm', () => {
  const memory = new MemoryDisk();
  const { store } = openStore(memory);
  const before = memory.synced.length;
  store.beat();
  expect(memory.synced.length).toBeGreaterThan(before);
  store.append([alarm(1)]);
  memory.fail('syncData', 'EIO', 2);
  expect(() => store.beat()).toThrow(JournalError);
  memory.crash();
  expect(read(openStore(memory).store, 'all')).toEqual([1]);
});
