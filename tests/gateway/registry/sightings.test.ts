import { beforeEach, expect, test } from 'vitest';
import { UNSEEN_MS, type AddressRow } from '../../../gateway/registry/addresses.ts';
import { buildDirectory } from '../../../gateway/registry/build-directory.ts';
import { CHINA } from '../../../gateway/registry/phone-number.ts';
import { EMPTY_ROWS, type RegisterRows } from '../../../gateway/registry/rows.ts';
import { Sightings } from '../../../gateway/registry/sightings.ts';

const DAY = 24 * 60 * 60_000;
const HOME = '+861062345678';
const SIM = '+8613800138000';
const device = { model: 'dialer', retiredAt: null, secretSha256: 'ab'.repeat(32) };
const address = (id: number, deviceId: string, value: string): AddressRow => ({
  ...{ id, deviceId, kind: 'number', receiver: null, value, key: null, heartbeatS: null },
  ...{ confirmedAt: 0, seenAt: null, endedAt: null },
});

let nowMs = 0;
let rows: RegisterRows = EMPTY_ROWS;
let sightings: Sightings;
beforeEach(() => {
  nowMs = 10 * DAY;
  rows = {
    ...EMPTY_ROWS,
    devices: [
      { id: 'd1', ...device },
      { id: 'd2', ...device },
      { id: 'net', ...device, model: 'by-mqtt' },
    ],
    addresses: [address(1, 'd1', HOME), address(2, 'd2', SIM), address(3, 'd2', '+8613800138001')],
  };
  const setting = { numbering: CHINA, nowMs: () => nowMs };
  sightings = new Sightings({
    directory: () => buildDirectory(rows, setting),
    isHeardByNumber: (model) => model === 'dialer',
    nowMs: () => nowMs,
  });
});

/** A call as the line hands it to the door. */
function call(told: string): void {
  sightings.came(buildDirectory(rows, { numbering: CHINA, nowMs: () => nowMs }).callerOf('line', told));
}

test('a call shows that the number is still its device’s, once a day', () => {
  call(HOME);
  call(HOME);
  expect(sightings.take()).toEqual([{ id: 1, atMs: 10 * DAY }]);
  rows = { ...rows, addresses: [{ ...address(1, 'd1', HOME), seenAt: nowMs }] };
  nowMs += DAY - 1;
  call(HOME);
  expect(sightings.take()).toEqual([]);
  nowMs += 1;
  call(HOME);
  expect(sightings.take()).toEqual([{ id: 1, atMs: 11 * DAY }]);
});

test('of several numbers only the one that called was seen', () => {
  sightings.heard('d2', 'verified');
  expect(sightings.take()).toEqual([]);
  call(SIM);
  expect(sightings.take()).toEqual([{ id: 2, atMs: nowMs }]);
});

test('a report of a device that has but its number shows it too, and one by another way does not', () => {
  sightings.heard('d1', 'verified');
  expect(sightings.take()).toEqual([{ id: 1, atMs: nowMs }]);
  rows = { ...rows, addresses: [address(4, 'net', HOME)] };
  sightings.heard('net', 'verified');
  sightings.heard('nobody', 'verified');
  expect(sightings.take()).toEqual([]);
  call(HOME);
  expect(sightings.take()).toEqual([{ id: 4, atMs: nowMs }]);
});

test('a call from a number that nobody has made sure of does not make it sure', () => {
  nowMs = UNSEEN_MS;
  call(HOME);
  sightings.heard('d1', 'unverified');
  // Whatever else proves the device says nothing about its number.
  sightings.heard('d1', 'verified');
  expect(sightings.take()).toEqual([]);
});

test('what could not be kept is news again', () => {
  call(HOME);
  const news = sightings.take();
  sightings.giveBack(news);
  call(HOME);
  expect(sightings.take()).toEqual(news);
});

test('a clock that was ahead keeps no number from being seen', () => {
  rows = { ...rows, addresses: [{ ...address(1, 'd1', HOME), seenAt: nowMs + 900 * DAY }] };
  call(HOME);
  expect(sightings.take()).toEqual([{ id: 1, atMs: nowMs }]);
});
