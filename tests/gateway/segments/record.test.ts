import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeRecord,
  decodeSegment,
  encodeRecord,
  encodeRecords,
  MAX_PAYLOAD_BYTES,
  RECORD_HEADER_BYTES,
} from '../../../gateway/segments/record.ts';

const payloads = fc.uint8Array({ maxLength: 300 });
const kinds = fc.integer({ min: 0, max: 255 });
/** Text as the journal's payloads are: no byte of a magic can stand in it. */
const texts = fc.string({ unit: 'binary', maxLength: 80 }).map((text) => Buffer.from(text));

function contentsOf(bytes: Buffer): { payloads: string[]; faults: string[] } {
  const { records, faults } = decodeSegment(bytes);
  return {
    payloads: records.map(({ payload }) => Buffer.from(payload).toString('hex')),
    faults: faults.map(({ code }) => code),
  };
}

function hex(parts: readonly Uint8Array[]): string[] {
  return parts.map((part) => Buffer.from(part).toString('hex'));
}

test('a decoded record is what was encoded', () => {
  fc.assert(
    fc.property(kinds, payloads, fc.nat(50), (kind, payload, before) => {
      const bytes = Buffer.concat([Buffer.alloc(before), encodeRecord(kind, payload)]);
      const decoded = decodeRecord(bytes, before);
      expect(decoded).toEqual({
        kind: 'record',
        record: { kind, payload: Buffer.from(payload) },
        next: bytes.length,
      });
    }),
  );
});

test('records one after the other and zeroes behind them are read back in order without a fault', () => {
  fc.assert(
    fc.property(fc.array(payloads, { maxLength: 8 }), fc.nat(5000), (list, zeroes) => {
      const records = list.map((payload) => encodeRecord(1, payload));
      const bytes = Buffer.concat([...records, Buffer.alloc(zeroes)]);
      expect(contentsOf(bytes)).toEqual({ payloads: hex(list), faults: [] });
      expect(decodeSegment(bytes).usedBytes).toBe(bytes.length - zeroes);
    }),
  );
});

test('any bytes are decoded without a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(400), (bytes, offset) => {
      decodeRecord(Buffer.from(bytes), Math.min(offset, bytes.length));
      decodeSegment(Buffer.from(bytes));
    }),
  );
});

test('one flipped bit anywhere in a record is refused, and the records beside it are not', () => {
  const [before, flipped, after] = ['before', 'the one', 'after'].map((text) => encodeRecord(1, Buffer.from(text)));
  if (before === undefined || flipped === undefined || after === undefined) throw new Error('three records');
  for (let bit = 0; bit < flipped.length * 8; bit += 1) {
    const damaged = Buffer.from(flipped);
    damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    const { records, faults } = decodeSegment(Buffer.concat([before, damaged, after, Buffer.alloc(64)]));
    expect(records.map(({ payload }) => payload.toString())).toEqual(['before', 'after']);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.offset).toBe(before.length);
  }
});

test('a tail that is cut at any offset loses the last record only', () => {
  fc.assert(
    fc.property(texts, texts, (first, last) => {
      const head = encodeRecord(1, first);
      const tail = encodeRecord(1, last);
      for (let cut = 1; cut < tail.length; cut += 1) {
        const torn = Buffer.concat([head, tail.subarray(0, cut)]);
        expect(contentsOf(torn)).toEqual({ payloads: hex([first]), faults: ['cut-off'] });
        const onZeroes = Buffer.concat([torn, Buffer.alloc(tail.length - cut + 40)]);
        const { payloads: kept } = contentsOf(onZeroes);
        // What was cut off may have been zeroes: then nothing is missing.
        const isWhole = tail.subarray(cut).every((byte) => byte === 0);
        expect(kept).toEqual(hex(isWhole ? [first, last] : [first]));
      }
    }),
    { numRuns: 30 },
  );
});

test('a page of zeroes in the middle does not hide the records behind it', () => {
  fc.assert(
    fc.property(fc.array(texts, { minLength: 3, maxLength: 12 }), fc.nat(), fc.nat(), (list, from, span) => {
      const records = list.map((payload) => encodeRecord(1, payload));
      const bytes = Buffer.concat(records);
      const start = from % bytes.length;
      const end = Math.min(bytes.length, start + (span % 200) + 1);
      const damaged = Buffer.from(bytes).fill(0, start, end);
      const starts: number[] = [];
      records.reduce((at, record) => (starts.push(at), at + record.length), 0);
      const untouched = list.filter((_, index) => {
        const at = starts[index] ?? 0;
        const stop = at + (records[index]?.length ?? 0);
        return stop <= start || at >= end;
      });
      const { payloads: kept } = contentsOf(damaged);
      for (const payload of hex(untouched)) expect(kept).toContain(payload);
    }),
  );
});

test('a payload over the bound is a mistake of the caller, and a length over it a fault', () => {
  expect(() => encodeRecord(1, new Uint8Array(MAX_PAYLOAD_BYTES + 1))).toThrow(RangeError);
  const largest = encodeRecord(1, new Uint8Array(MAX_PAYLOAD_BYTES));
  expect(decodeRecord(largest, 0).kind).toBe('record');
  largest.writeUInt32BE(MAX_PAYLOAD_BYTES + 1, 4);
  expect(decodeRecord(largest, 0)).toEqual({ kind: 'fault', fault: { code: 'bad-length', offset: 0 } });
  expect(decodeRecord(largest, largest.length - RECORD_HEADER_BYTES + 1)).toMatchObject({ fault: { code: 'cut-off' } });
});

test('many records at once are the same as one by one', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 10 }), fc.nat({ max: 255 }), (list, kind) => {
      const oneByOne = Buffer.concat(list.map((payload) => encodeRecord(kind, payload)));
      expect(encodeRecords(kind, list).equals(oneByOne)).toBe(true);
      expect(decodeSegment(oneByOne).records.map(({ payload }) => [...payload])).toEqual(
        list.map((bytes) => [...bytes]),
      );
    }),
  );
});
