import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRecord, encodeRecord, RECORD_KIND } from '../../../../gateway/segments/record.ts';
import { decodeSpoolRecord, encodeRows, MAX_ROWS, setPosition } from '../../../../gateway/telemetry/vitals/record.ts';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { anyRows } from './arbitraries.ts';

const row: Observation = {
  deviceId: 'w-1',
  residentId: '01J',
  ts: 1_772_323_200_000,
  metric: 'spo2',
  value: 96,
  flags: 0,
  receivedAt: 1_772_323_200_100,
};

function encode(rows: readonly Observation[], position: number): Buffer {
  const bytes = encodeRows(rows);
  if (bytes === undefined) throw new Error('not encoded');
  setPosition(bytes, position);
  return bytes;
}

test('rows decode to what was encoded, with their position', () => {
  fc.assert(
    fc.property(anyRows, fc.maxSafeNat(), (rows, position) => {
      expect(decodeSpoolRecord(encode(rows, position))).toEqual({ position, rows });
    }),
  );
});

test('no bytes make the decoder throw, and what is cut or too long is refused', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeSpoolRecord(bytes)));
  fc.assert(
    fc.property(anyRows, fc.nat(), (rows, cut) => {
      const bytes = encode(rows, 7);
      expect(decodeSpoolRecord(bytes.subarray(0, cut % bytes.length))).toBeNull();
      expect(decodeSpoolRecord(Buffer.concat([bytes, Buffer.alloc(1)]))).toBeNull();
    }),
  );
});

test('in its frame, a flipped bit anywhere is refused', () => {
  fc.assert(
    fc.property(anyRows, fc.nat(), (rows, at) => {
      const framed = encodeRecord(RECORD_KIND.vitals, encode(rows, 7));
      const bit = at % (framed.length * 8);
      framed.writeUInt8(framed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(decodeRecord(framed, 0).kind).toBe('fault');
    }),
  );
});

test('what cannot be written is not begun', () => {
  expect(encodeRows([])).toBeUndefined();
  expect(encodeRows(Array.from({ length: MAX_ROWS + 1 }, () => row))).toBeUndefined();
  expect(encodeRows([{ ...row, metric: 'x'.repeat(65) }])).toBeUndefined();
});

test('numbers that no row may have are refused, whatever the checksum says', () => {
  for (const bad of [{ value: Infinity }, { value: Number.NaN }, { ts: 0.5 }, { receivedAt: Number.NaN }]) {
    expect(decodeSpoolRecord(encode([{ ...row, ...bad }], 1))).toBeNull();
  }
});

test('a position is what it was up to the last safe number, and none beyond it is believed', () => {
  for (const position of [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52, Number.MAX_SAFE_INTEGER]) {
    expect(decodeSpoolRecord(encode([row], position))?.position).toBe(position);
  }
  const bytes = encode([row], 0);
  bytes.writeBigUInt64BE(2n ** 53n);
  expect(decodeSpoolRecord(bytes)).toBeNull();
  bytes.writeBigUInt64BE(2n ** 64n - 1n);
  expect(decodeSpoolRecord(bytes)).toBeNull();
});
