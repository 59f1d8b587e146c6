import { expect, test } from 'vitest';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { READING_FLAGS } from '../../../../devices/reading.ts';
import { Shedder } from '../../../../gateway/telemetry/vitals/shedder.ts';
import { Spool } from '../../../../gateway/telemetry/vitals/spool.ts';
import { SpoolReader } from '../../../../gateway/telemetry/vitals/spool-reader.ts';
import { addWorths, NONE, sumWorths, worthOf, type WorthCounts } from '../../../../gateway/telemetry/vitals/thin.ts';
import { MemoryDisk } from '../../segments/memory-disk.ts';
import { payloadOf, rowOf } from './messages.ts';

const flagged = { flags: READING_FLAGS.poor };
const steps = { metric: 'steps' };

type Message = readonly Observation[];

/** Of a wearable: a heart rate, some steps, and what is not to be scored. */
const mixed = (index: number): Message => {
  const at = index * 10_000;
  return [
    rowOf('w-1', at, { value: 60 + (index % 7) }),
    rowOf('w-1', at, { ...steps, value: index }),
    rowOf('w-1', at, { ...flagged, metric: 'spo2', value: 80 }),
  ];
};

function world(messages: number, messageOf = mixed) {
  const memory = new MemoryDisk();
  const spool = new Spool({ disk: memory.disk, folder: '/spool', segmentBytes: 2000, condemned: () => undefined });
  spool.open();
  for (let index = 0; index < messages; index += 1) {
    spool.append([payloadOf(...messageOf(index))]);
  }
  const reader = new SpoolReader(memory.disk, spool);
  const state = { stored: -1, failures: [] as string[] };
  const shedder = new Shedder({
    disk: memory.disk,
    spool,
    reading: () => reader.reading,
    stored: () => state.stored,
    failed: (cause) => void state.failures.push(cause),
  });
  const left = (): Observation[] => {
    const rows: Observation[] = [];
    reader.seek(state.stored);
    for (let records = reader.next(); records.length > 0; records = reader.next()) {
      rows.push(...records.flatMap((record) => record.rows));
    }
    reader.close();
    return rows;
  };
  /** Step by step until so much is left, or nothing more can go. */
  const shed = (boundBytes: number): WorthCounts => {
    let gone = NONE;
    while (spool.bytes > boundBytes) {
      const step = shedder.step();
      if (step === null) break;
      gone = addWorths(gone, step);
    }
    return gone;
  };
  return { memory, spool, shedder, shed, left, state, reader };
}

test('within the bound nothing goes', () => {
  const { spool, shed, left } = world(100);
  expect(sumWorths(shed(spool.bytes))).toBe(0);
  expect(left()).toHaveLength(300);
});

test('a little over it, the oldest of little worth go, and no vital reading', () => {
  const { spool, shed, left } = world(100);
  const gone = shed(spool.bytes - 1000);
  expect(gone.vital).toBe(0);
  expect(gone.everyday).toBeGreaterThan(0);
  const rows = left();
  expect(rows.filter((row) => worthOf(row) === 'vital')).toHaveLength(100);
  const oldestSteps = rows.find(({ metric }) => metric === 'steps');
  // What is left of them is the newer part.
  expect(oldestSteps?.value).toBe(gone.everyday);
});

test('further over it, the lowest and the highest of each five minutes stay', () => {
  const { spool, shed, left } = world(200);
  const bound = spool.bytes / 4;
  const gone = shed(bound);
  expect(spool.bytes).toBeLessThanOrEqual(bound);
  expect(gone.vital).toBeGreaterThan(0);
  const values = new Set(left().map(({ metric, value }) => `${metric} ${value}`));
  expect(values.has('heart-rate 60') && values.has('heart-rate 66')).toBe(true);
  expect(sumWorths(gone) + left().length).toBe(600);
});

test('far over it, the oldest go whole and all that went is counted', () => {
  const { spool, shed, left } = world(300);
  const gone = shed(3000);
  expect(spool.bytes).toBeLessThanOrEqual(3000);
  expect(sumWorths(gone) + left().length).toBe(900);
  expect(left().at(-1)?.ts).toBe(rowOf('w-1', 2_990_000).ts);
});

test('what the database has is not counted as lost', () => {
  const { spool, shed, left, state, reader } = world(100);
  reader.seek(-1);
  state.stored = reader.next().at(5)?.position ?? 0;
  reader.close();
  expect(state.stored).toBeGreaterThan(0);
  const waiting = left().length;
  const gone = shed(2500);
  expect(sumWorths(gone) + left().length).toBe(waiting);
  expect(spool.bytes).toBeLessThanOrEqual(2500);
});

test('the file that is being read is left alone', () => {
  const { spool, shed, reader } = world(100);
  reader.seek(-1);
  reader.next();
  const reading = reader.reading;
  shed(0);
  expect(spool.segments().map(({ first }) => first)).toContain(reading);
});

test('where there is no room to thin, the oldest goes whole', () => {
  const { memory, spool, shed, left, state } = world(100);
  memory.capacityBytes = spool.bytes;
  const gone = shed(spool.bytes - 1000);
  expect(state.failures[0]).toBe('ENOSPC');
  expect(sumWorths(gone) + left().length).toBe(300);
});
