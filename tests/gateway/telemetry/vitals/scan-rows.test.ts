import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSpoolRecord, setPosition } from '../../../../gateway/telemetry/vitals/record.ts';
import { keepRows, scanRows, tsOf, valueOf } from '../../../../gateway/telemetry/vitals/scan-rows.ts';
import { worthOf } from '../../../../gateway/telemetry/vitals/thin.ts';
import { anyRows } from './arbitraries.ts';
import { payloadOf } from './messages.ts';

test('a look at a payload sees what reading it gives', () => {
  fc.assert(
    fc.property(anyRows, fc.maxSafeNat(), (some, position) => {
      const rows = some.map((row, index) => ({ ...row, metric: ['spo2', 'steps', row.metric][index % 3] ?? '' }));
      const payload = payloadOf(...rows);
      setPosition(payload, position);
      const scanned = scanRows(payload);
      expect(scanned).toMatchObject({ position, device: rows[0]?.deviceId });
      expect(
        scanned?.rows.map((row) => ({
          ...{ ts: tsOf(payload, row), value: valueOf(payload, row), metric: row.metric, worth: row.worth },
        })),
      ).toEqual(rows.map((row) => ({ ts: row.ts, value: row.value, metric: row.metric, worth: worthOf(row) })));
    }),
  );
});

test('rows that are kept are as they were, and so is all around them', () => {
  fc.assert(
    fc.property(anyRows, fc.infiniteStream(fc.boolean()), (rows, stays) => {
      const payload = payloadOf(...rows);
      setPosition(payload, 42);
      const chosen = rows.map(() => stays.next().value === true);
      fc.pre(chosen.includes(true));
      const kept = keepRows(payload, scanRows(payload)?.rows.filter((_, index) => chosen[index]) ?? []);
      expect(decodeSpoolRecord(kept)).toEqual({ position: 42, rows: rows.filter((_, index) => chosen[index]) });
    }),
  );
});

test('whatever bytes come, it looks at them without a fault', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const scanned = scanRows(Buffer.from(bytes));
      for (const { end } of scanned?.rows ?? []) expect(end).toBeLessThanOrEqual(bytes.length);
    }),
  );
  fc.assert(
    fc.property(anyRows, fc.nat(), (rows, cut) => {
      const payload = payloadOf(...rows);
      expect(scanRows(payload.subarray(0, cut % payload.length))).toBeNull();
    }),
  );
});
