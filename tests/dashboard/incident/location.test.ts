import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findLocation, readLocation } from '../../../dashboard/incident/location.ts';
import type { IncidentAlarm } from '../../../gateway/api/contract/incident.ts';
import { iso, T0 } from '../build-incident.ts';

test('everything that a device tells of its place is read', () => {
  const raw = { lat: 30.03, lon: 121.15, accuracyM: 35, at: T0, source: 'gnss', datum: 'gcj02' };
  expect(readLocation(raw)).toEqual({
    lat: 30.03,
    lon: 121.15,
    accuracyM: 35,
    atMs: T0,
    source: 'gnss',
    datum: 'GCJ-02',
  });
});

test('what is not told is said to be unknown, never guessed', () => {
  expect(readLocation({ lat: 0, lon: 0 })).toEqual({
    lat: 0,
    lon: 0,
    accuracyM: null,
    atMs: null,
    source: 'unknown',
    datum: null,
  });
});

test.each([null, {}, { lat: 91, lon: 0 }, { lat: 0, lon: 181 }, { lat: '30', lon: 121 }, { lat: Number.NaN, lon: 0 }])(
  '%j is no place on earth',
  (raw) => {
    expect(readLocation(raw)).toBeNull();
  },
);

test('reading never throws, whatever a device sends', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('lat', 'lon', 'accuracyM', 'at', 'source', 'datum'), fc.anything()),
      (raw) => {
        readLocation(raw);
      },
    ),
  );
});

test('the newest position counts, by the time it was taken, not by when it came', () => {
  const alarm = (receivedAt: number, lat: number, at?: number): IncidentAlarm => ({
    id: String(lat),
    type: 'sos',
    kind: 'alarm',
    of: null,
    deviceId: 'd',
    publisher: null,
    at: null,
    receivedAt: iso(receivedAt),
    flags: [],
    text: null,
    zone: null,
    batteryPct: null,
    location: { lat, lon: 1, accuracyM: null, at: at === undefined ? null : iso(at), source: null, datum: null },
    faults: [],
    measure: null,
    call: null,
    caller: null,
    byHand: null,
  });
  expect(findLocation([alarm(T0, 1, T0), alarm(T0 + 60_000, 2, T0 - 3_600_000)])?.lat).toBe(1);
  expect(findLocation([alarm(T0, 1), alarm(T0 + 60_000, 2)])?.lat).toBe(2);
});
