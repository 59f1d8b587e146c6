import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { encodeCopy } from '../../../../gateway/telemetry/vitals/copy-rows.ts';
import { anyRows } from './arbitraries.ts';

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const field = (bytes: Buffer | null): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes?.length ?? -1);
  return Buffer.concat([length, bytes ?? Buffer.alloc(0)]);
};
const float8 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
};
const timestamptz = (ms: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE((BigInt(ms) - 946_684_800_000n) * 1000n);
  return bytes;
};

/** PostgreSQL's documentation of COPY, binary format, word by word. */
function encodePlainly(rows: readonly Observation[]): Buffer {
  const tuples = rows.map(({ deviceId, residentId, ts, metric, value, flags, receivedAt }) =>
    Buffer.concat([
      int16(7),
      field(Buffer.from(deviceId)),
      field(residentId === null ? null : Buffer.from(residentId)),
      field(timestamptz(ts)),
      field(Buffer.from(metric)),
      field(float8(value)),
      field(int16(flags)),
      field(timestamptz(receivedAt)),
    ]),
  );
  const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
  return Buffer.concat([signature, Buffer.alloc(8), ...tuples, int16(-1)]);
}

test('rows are encoded as the format says, byte by byte', () => {
  fc.assert(
    fc.property(fc.array(anyRows, { maxLength: 4 }), (messages) => {
      const rows = messages.flat();
      expect(encodeCopy(rows).equals(encodePlainly(rows))).toBe(true);
    }),
  );
});

test('times before and after every carry of their halves are exact', () => {
  const near = fc.oneof(
    fc.constantFrom(0, 946_684_799_999, 946_684_800_000, 946_684_800_001),
    fc.tuple(fc.integer({ min: 0, max: 58_000 }), fc.integer({ min: -3, max: 3 })).map(
      // 2^32 microseconds are 4,294,967.296 ms.
      ([half, offset]) => 946_684_800_000 + Math.round(half * 4_294_967.296) + offset,
    ),
  );
  fc.assert(
    fc.property(near, near, (ts, receivedAt) => {
      const rows = [{ deviceId: '表-1', residentId: null, ts, metric: 'spo2', value: -0.5, flags: 31, receivedAt }];
      expect(encodeCopy(rows).equals(encodePlainly(rows))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
