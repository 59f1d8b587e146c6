import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Disk } from '../../../../gateway/segments/disk.ts';
import { encodeRecord, RECORD_KIND } from '../../../../gateway/segments/record.ts';
import { Spool } from '../../../../gateway/telemetry/vitals/spool.ts';
import { SpoolReader } from '../../../../gateway/telemetry/vitals/spool-reader.ts';
import { DiskFault, MemoryDisk } from '../../segments/memory-disk.ts';
import { payloadOf, rowOf } from './messages.ts';

function openSpool(memory: MemoryDisk, segmentBytes = 1000) {
  const condemned: string[] = [];
  const spool = new Spool({
    disk: memory.disk,
    folder: '/spool',
    segmentBytes,
    condemned: (cause) => void condemned.push(cause),
  });
  spool.open();
  return { spool, condemned, reader: new SpoolReader(memory.disk, spool) };
}

/** Offsets of the rows, which tell the messages apart here. */
function readAll(reader: SpoolReader): { position: number; device: string }[] {
  const all: { position: number; device: string }[] = [];
  for (let records = reader.next(); records.length > 0; records = reader.next()) {
    all.push(...records.map(({ position, rows }) => ({ position, device: rows[0]?.deviceId ?? '' })));
  }
  return all;
}

const message = (name: number) => payloadOf(rowOf(`w-${name}`, name));
const devices = (reader: SpoolReader): string[] => readAll(reader).map(({ device }) => device);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test('what was appended is read in its order, over many files', () => {
  const { spool, reader } = openSpool(new MemoryDisk());
  for (const name of upTo(40)) spool.append([message(name)]);
  expect(spool.segments().length).toBeGreaterThan(2);
  expect(devices(reader)).toEqual(upTo(40).map((name) => `w-${name}`));
  spool.append([message(40), message(41)]);
  expect(devices(reader)).toEqual(['w-40', 'w-41']);
  expect(reader.damaged).toBe(0);
});

test('positions grow over restarts and are never given twice', () => {
  const memory = new MemoryDisk();
  const positions: number[] = [];
  for (const name of upTo(8)) {
    const { spool, reader } = openSpool(memory);
    spool.append([message(name), message(name)]);
    spool.append([message(name)]);
    reader.seek(positions.at(-1) ?? -1);
    positions.push(...readAll(reader).map(({ position }) => position));
    spool.removeBelow(positions.at(-1) ?? -1);
    if (name % 2 === 0) spool.close();
  }
  expect(positions).toHaveLength(24);
  expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
});

test('a reader goes on behind the position that it is given, in whatever file that stands', () => {
  const { spool, reader } = openSpool(new MemoryDisk());
  for (const name of upTo(30)) spool.append([message(name)]);
  const all = readAll(reader);
  for (const [index, { position }] of all.entries()) {
    reader.seek(position);
    expect(readAll(reader)).toEqual(all.slice(index + 1));
  }
});

test('files go only when the database has all that is in them, and the last one stays', () => {
  const { spool, reader } = openSpool(new MemoryDisk());
  for (const name of upTo(30)) spool.append([message(name)]);
  const all = readAll(reader);
  for (const [index, { position }] of all.entries()) {
    spool.removeBelow(position);
    reader.seek(position);
    expect(readAll(reader)).toEqual(all.slice(index + 1));
  }
  expect(spool.segments()).toHaveLength(1);
});

test('a reader goes on in the next file when the one at whose end it stands was removed behind it', () => {
  const { spool, reader } = openSpool(new MemoryDisk());
  for (const name of upTo(40)) spool.append([message(name)]);
  const seen: string[] = [];
  // As the writer does: stored as soon as read, so that what is read whole goes while the reader stands in it.
  for (let records = reader.next(); records.length > 0; records = reader.next()) {
    seen.push(...records.map(({ rows }) => rows[0]?.deviceId ?? ''));
    spool.removeBelow(records.at(-1)?.position ?? -1);
  }
  expect(seen).toEqual(upTo(40).map((name) => `w-${name}`));
});

test('after a power cut what was answered for is there, and a torn tail disturbs nobody', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0 }), fc.integer({ min: 1, max: 20 }), (survivors, count) => {
      const memory = new MemoryDisk();
      const before = openSpool(memory);
      for (const name of upTo(count)) before.spool.append([message(name)]);
      // Written and not synced when the power goes.
      memory.fail('syncData', 'EIO', 2);
      memory.fail('truncate', 'EIO', 2);
      expect(() => before.spool.append([message(99)])).toThrow();
      memory.crash(survivors);
      const after = openSpool(memory);
      after.spool.append([message(100)]);
      const found = devices(after.reader).filter((device) => device !== 'w-99');
      expect(found).toEqual([...upTo(count).map((name) => `w-${name}`), 'w-100']);
    }),
    { numRuns: 60 },
  );
});

test('killed at any call of the disk, the next life keeps what was answered for and takes its first message', () => {
  fc.assert(
    fc.property(fc.nat({ max: 80 }), fc.option(fc.nat(), { nil: null }), (callsLeft, powerCut) => {
      const memory = new MemoryDisk();
      let left = callsLeft;
      const mortal = new Proxy(memory.disk, {
        get: (disk, name: keyof Disk) => {
          left -= 1;
          if (left < 0) throw new DiskFault('killed');
          return disk[name];
        },
      });
      const spool = new Spool({ disk: mortal, folder: '/spool', segmentBytes: 300, condemned: () => undefined });
      const acked: number[] = [];
      try {
        spool.open();
        for (const name of upTo(20)) {
          spool.append([message(name)]);
          acked.push(name);
        }
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/killed|spool-write-failed/) });
      }
      if (powerCut !== null) memory.crash(powerCut);
      const after = openSpool(memory);
      after.spool.append([message(100)]);
      const found = readAll(after.reader);
      const positions = found.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].toSorted((one, other) => one - other));
      const names = found.map(({ device }) => device);
      expect(names).toEqual(expect.arrayContaining([...acked.map((name) => `w-${name}`), 'w-100']));
      // And the life after that one.
      expect(() => openSpool(memory).spool.append([message(101)])).not.toThrow();
    }),
    { numRuns: 300 },
  );
});

test('a flipped bit costs the message that it is in', () => {
  fc.assert(
    fc.property(fc.nat(), (at) => {
      const memory = new MemoryDisk();
      const { spool, reader } = openSpool(memory, 100_000);
      for (const name of upTo(20)) spool.append([message(name)]);
      const content = memory.content('0000000000000000.0.spool');
      const bit = at % (content.length * 8);
      content.writeUInt8(content.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(devices(reader)).toHaveLength(19);
      expect(reader.damaged).toBe(1);
    }),
    { numRuns: 60 },
  );
});

describe('a disk that refuses', () => {
  test('a file that cannot be read is passed over after some attempts, and those behind it are read', () => {
    const memory = new MemoryDisk();
    const { spool, reader } = openSpool(memory);
    for (const name of upTo(20)) spool.append([message(name)]);
    const second = spool.segments()[1]?.first ?? 0;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      memory.fail('read', 'EIO');
      reader.seek(-1);
      expect(() => reader.next()).toThrow('EIO');
    }
    reader.seek(-1);
    expect(readAll(reader)[0]?.position).toBe(second);
    expect(reader.damaged).toBe(1);
  });

  test('a failed fsync gives the file up, and the message goes into the next', () => {
    const memory = new MemoryDisk();
    const { spool, condemned, reader } = openSpool(memory, 100_000);
    spool.append([message(0)]);
    memory.fail('syncData', 'EIO');
    spool.append([message(1)]);
    expect(condemned).toEqual(['EIO']);
    expect(spool.segments()).toHaveLength(2);
    expect(devices(reader)).toEqual(['w-0', 'w-1']);
  });

  test('a full one refuses with its code and leaves no files behind', () => {
    const memory = new MemoryDisk();
    const { spool, reader } = openSpool(memory, 100_000);
    spool.append([message(0)]);
    memory.capacityBytes = spool.bytes + 20;
    for (const name of upTo(5)) {
      expect(() => spool.append([message(name)])).toThrow(expect.objectContaining({ code: 'spool-no-space' }));
    }
    expect(memory.names()).toHaveLength(1);
    memory.capacityBytes = Infinity;
    spool.append([message(9)]);
    expect(devices(reader)).toEqual(['w-0', 'w-9']);
  });
});

test('an opening that failed half way is done again from the beginning', () => {
  const memory = new MemoryDisk();
  const before = openSpool(memory);
  for (const name of upTo(20)) before.spool.append([message(name)]);
  before.spool.close();
  let opens = 0;
  const disk: Disk = {
    ...memory.disk,
    open: (path, how) => {
      opens += 1;
      if (opens === 2) throw new DiskFault('EMFILE');
      return memory.disk.open(path, how);
    },
  };
  const spool = new Spool({ disk, folder: '/spool', segmentBytes: 1000, condemned: () => undefined });
  expect(() => spool.open()).toThrow('EMFILE');
  const names = memory.names();
  spool.open();
  expect(spool.segments()).toEqual(before.spool.segments());
  expect(memory.names()).toEqual(names);
});

test('a thinned file is durable before the one that it was made from goes', () => {
  const memory = new MemoryDisk();
  const { spool } = openSpool(memory);
  for (const name of upTo(20)) spool.append([message(name)]);
  const [oldest] = spool.segments();
  if (oldest === undefined) throw new Error('no segment');
  const left = message(0);
  spool.replace(oldest, [encodeRecord(RECORD_KIND.vitals, left)], 1);
  memory.crash();
  const names = devices(openSpool(memory).reader);
  expect(names.slice(0, 1)).toEqual(['w-0']);
  expect(names.at(-1)).toBe('w-19');
  expect(names.length).toBeLessThan(20);
});

test('a thinning that was cut short is as if it had not begun', () => {
  const memory = new MemoryDisk();
  const { spool } = openSpool(memory);
  for (const name of upTo(20)) spool.append([message(name)]);
  const [oldest] = spool.segments();
  if (oldest === undefined) throw new Error('no segment');
  memory.fail('remove', 'EIO');
  expect(() => spool.replace(oldest, [], 1)).toThrow();
  memory.crash();
  const after = openSpool(memory);
  expect(memory.names().filter((name) => name.includes('.1.'))).toEqual([]);
  expect(devices(after.reader)).toEqual(upTo(20).map((name) => `w-${name}`));
});
