import { expect, test } from 'vitest';
import { UNSEEN_MS, type AddressRow } from '../../../gateway/registry/addresses.ts';
import { buildDirectory } from '../../../gateway/registry/build-directory.ts';
import type { Directory } from '../../../gateway/registry/directory.ts';
import { CHINA } from '../../../gateway/registry/phone-number.ts';
import { EMPTY_ROWS, type RegisterRows } from '../../../gateway/registry/rows.ts';

const KEY = '00112233445566778899aabbccddeeff';
const person = { birthYear: null, categories: [], speech: null, health: null };
const called = { relation: null, hasKey: false, minutesAway: null, language: null, note: null, order: 1 };

let nextId = 1;
function account(deviceId: string, value: string, more: Partial<AddressRow> = {}): AddressRow {
  const id = (nextId += 1);
  const row = { receiver: null, key: null, heartbeatS: null, confirmedAt: 0, seenAt: null, endedAt: null };
  return { id, deviceId, kind: 'account', value, ...row, ...more };
}
const phone = (deviceId: string, value: string, more: Partial<AddressRow> = {}): AddressRow =>
  account(deviceId, value, { kind: 'number', ...more });

function directoryOf(addresses: AddressRow[], nowMs = 1, more: Partial<RegisterRows> = {}): Directory {
  const secretSha256 = 'ab'.repeat(32);
  const bound = { number: 1, homeId: 'h1', place: null, residentIds: ['r1'], from: 0, until: null };
  const rows: RegisterRows = {
    ...EMPTY_ROWS,
    sessionKey: 'c2Vzc2lvbg',
    homes: [{ id: 'h1', region: null, address: '', entrance: null, accessPlan: null }],
    residents: [
      { id: 'r1', homeId: 'h1', name: 'one', number: '+861062345678', ...person },
      { id: 'r2', homeId: 'h1', name: 'two', number: '+8601062345678', ...person },
      { id: 'r3', homeId: 'h2', name: 'three', number: null, ...person },
    ],
    contacts: [
      { id: 'c1', residentId: 'r1', name: 'son', number: '+8613900000001', ...called },
      { id: 'c3', residentId: 'r3', name: 'son', number: '+86013900000001', ...called },
      { id: 'c4', residentId: 'r3', name: 'friend', number: '+861062345678', ...called },
    ],
    devices: [
      { id: 'd1', model: 'generic-one-touch', retiredAt: null, secretSha256 },
      { id: 'd2', model: 'generic-pendant', retiredAt: null, secretSha256 },
      { id: 'gone', model: 'generic-pendant', retiredAt: 5, secretSha256 },
      { id: 'dc09-4444', model: 'generic-pendant', retiredAt: null, secretSha256 },
    ],
    bindings: [{ deviceId: 'd1', ...bound }],
    addresses,
    ...more,
  };
  return buildDirectory(rows, { numbering: CHINA, nowMs: () => nowMs });
}

test('an account of one receiver alone wins there, and the plain one counts everywhere else', () => {
  const directory = directoryOf([account('d1', '1234'), account('d2', '1234', { receiver: 'dc09', key: KEY })]);
  expect(directory.accountOf('com3', '1234')).toEqual({
    ...{ deviceId: 'd1', standing: 'verified', model: 'generic-one-touch', key: null },
  });
  expect(directory.accountOf('dc09', '1234')).toEqual({
    ...{ deviceId: 'd2', standing: 'verified', model: 'generic-pendant', key: Buffer.from(KEY, 'hex') },
  });
});

test('an account is the same in small letters', () => {
  expect(directoryOf([account('d1', 'ABC1')]).accountOf('dc09', 'abc1').deviceId).toBe('d1');
});

test('an account that nobody registered is a stranger’s, and never speaks in the name of a device', () => {
  const directory = directoryOf([account('d1', '1234', { receiver: 'com3' })]);
  expect(directory.accountOf('dc09', '1234')).toEqual({
    ...{ deviceId: 'dc09-1234', standing: 'unregistered', model: null, key: null },
  });
  expect(directory.accountOf('dc09', '4444').standing).toBe('unverified');
});

test('what ended its service is retired until another in service has the same', () => {
  const gone = account('gone', '1234', { endedAt: 5 });
  expect(directoryOf([gone]).accountOf('dc09', '1234')).toMatchObject({ deviceId: 'gone', standing: 'retired' });
  const again = directoryOf([account('d1', '1234'), gone]);
  expect(again.accountOf('dc09', '1234')).toMatchObject({ deviceId: 'd1', standing: 'verified' });
  const elsewhere = directoryOf([account('d1', '1234'), { ...gone, receiver: 'dc09' }]);
  expect(elsewhere.accountOf('dc09', '1234')).toMatchObject({ deviceId: 'd1', standing: 'verified' });
  const number = phone('gone', '+8613800138000', { endedAt: 5 });
  expect(directoryOf([number]).callerOf('line', '13800138000')).toMatchObject({
    deviceId: 'gone',
    standing: 'retired',
  });
});

test('a call from a device’s number is the device’s, however the line spells it', () => {
  const directory = directoryOf([phone('d1', '+8613800138000')]);
  for (const told of ['13800138000', '013800138000', '+86 138-0013-8000', '0086 13800138000']) {
    expect(directory.callerOf('line', told)).toEqual({
      ...{ deviceId: 'd1', standing: 'verified', model: 'generic-one-touch', key: null },
      caller: { number: '+8613800138000', whose: 'device', residentIds: ['r1'], homeId: 'h1' },
    });
  }
});

test('a device’s number counts before that of the person who lives there', () => {
  const directory = directoryOf([phone('d1', '+861062345678')]);
  expect(directory.callerOf('line', '010 62345678').caller.whose).toBe('device');
});

test('a receiver is the same in capitals', () => {
  const directory = directoryOf([
    account('d1', '1234', { receiver: 'DC09' }),
    account('d2', '5678', { receiver: 'dc09' }),
  ]);
  expect(directory.accountOf('dc09', '1234').deviceId).toBe('d1');
  expect(directory.accountOf('DC09', '5678').deviceId).toBe('d2');
});

test('a number in doubt is that of the person who has it too, unless they live where the device is', () => {
  const callerOf = (device: string, more: Partial<AddressRow> = {}) => {
    const bindings = [
      { deviceId: device, number: 1, homeId: 'h2', place: null, residentIds: ['r3'], from: 0, until: null },
    ];
    const rows = device === 'd1' ? {} : { bindings };
    return directoryOf([phone(device, '+861062345678', more)], 1, rows).callerOf('line', '010 62345678');
  };
  expect(callerOf('d2')).toMatchObject({ deviceId: 'd2', standing: 'verified' });
  expect(callerOf('d2', { confirmedAt: null })).toMatchObject({
    ...{ standing: 'verified', caller: { whose: 'resident', residentIds: ['r1', 'r2'] } },
  });
  expect(callerOf('d1', { confirmedAt: null })).toMatchObject({ deviceId: 'd1', standing: 'unverified' });
});

test('a number from which nothing came for 60 days is not proven until it is seen or confirmed', () => {
  const standingOf = (more: Partial<AddressRow>, nowMs: number) => {
    const directory = directoryOf([phone('d1', '+8613800138000', more)], nowMs);
    expect(directory.addressesOf('d1')[0]?.isConfirmed).toBe(
      directory.callerOf('line', '13800138000').standing === 'verified',
    );
    return directory.callerOf('line', '13800138000').standing;
  };
  expect(standingOf({ confirmedAt: 1000 }, 1000 + UNSEEN_MS - 1)).toBe('verified');
  expect(standingOf({ confirmedAt: 1000 }, 1000 + UNSEEN_MS)).toBe('unverified');
  expect(standingOf({ confirmedAt: 1000, seenAt: 2000 }, 1000 + UNSEEN_MS)).toBe('verified');
  expect(standingOf({ confirmedAt: 2000, seenAt: 1000 }, 1000 + UNSEEN_MS)).toBe('verified');
  expect(standingOf({ confirmedAt: null }, 1)).toBe('unverified');
  const directory = directoryOf([account('d1', '1234', { confirmedAt: 0 })], UNSEEN_MS * 9);
  expect(directory.accountOf('dc09', '1234').standing).toBe('verified');
});

test('a call of a resident or a contact names everybody it may be about', () => {
  const directory = directoryOf([]);
  const [home, son] = [directory.callerOf('line', '01062345678'), directory.callerOf('line', '13900000001')];
  expect(home.caller).toEqual({ number: '+861062345678', whose: 'resident', residentIds: ['r1', 'r2'], homeId: 'h1' });
  expect(son.caller).toEqual({ number: '+8613900000001', whose: 'contact', residentIds: ['r1', 'r3'], homeId: null });
  for (const { deviceId, standing } of [home, son]) {
    expect(standing).toBe('verified');
    expect(deviceId).toMatch(/^tel-[0-9a-f]{16}$/);
  }
});

test('an unknown number has a name that tells nothing of it and is the same on every gateway', () => {
  const [one, other] = [directoryOf([]), directoryOf([phone('d1', '+8613800138000')])];
  const caller = one.callerOf('com3', '13700137000');
  expect(caller).toMatchObject({ standing: 'unregistered', model: null, caller: { whose: 'unknown' } });
  expect(caller.caller.number).toBe('+8613700137000');
  expect(caller.deviceId).toMatch(/^tel-[0-9a-f]{16}$/);
  expect(caller.deviceId).toBe(other.callerOf('com4', '+86 137 0013 7000').deviceId);
  expect(caller.deviceId).not.toBe(one.callerOf('com3', '13700137001').deviceId);
  const foreign = directoryOf([], 1, { sessionKey: 'b3RoZXI' });
  expect(caller.deviceId).not.toBe(foreign.callerOf('com3', '13700137000').deviceId);
});

test('before the key of the register is known an unknown number goes by the name of the line', () => {
  const directory = directoryOf([], 1, { sessionKey: null });
  expect(directory.callerOf('com3', '13700137000')).toMatchObject({ deviceId: 'com3', standing: 'unregistered' });
});

test('a withheld number goes by the name of the line', () => {
  for (const told of [null, '', 'P']) {
    expect(directoryOf([]).callerOf('com3', told)).toEqual({
      ...{ deviceId: 'com3', standing: 'unregistered', model: null, key: null },
      caller: { number: null, whose: 'withheld', residentIds: [], homeId: null },
    });
  }
});

test('a heartbeat that was agreed for an address counts before the model’s, the shortest first', () => {
  const directory = directoryOf([
    ...[account('d1', '1234', { heartbeatS: 90 }), account('d1', '1235', { heartbeatS: 60 }), account('d2', '1236')],
  ]);
  expect(directory.heartbeatOf('d1')).toBe(60);
  expect(directory.heartbeatOf('d2')).toBeNull();
  expect(directory.heartbeatOf('nobody')).toBeNull();
});

test('no key comes out of the list of addresses', () => {
  const directory = directoryOf([account('d1', '1234', { key: KEY })]);
  expect(directory.addressesOf('d1')).toMatchObject([{ value: '1234', hasKey: true }]);
  expect(JSON.stringify([directory.addressesOf('d1'), directory.devices()])).not.toContain(KEY);
});

test('a register of before there were addresses knows none', () => {
  const { addresses: _, ...older } = { ...EMPTY_ROWS, addresses: [] };
  const directory = buildDirectory(older);
  expect(directory.addressesOf('d1')).toEqual([]);
  expect(directory.accountOf('dc09', '1234').deviceId).toBe('dc09-1234');
});

test('a number of very many residents tells nothing about any of them, and their home where they share it', () => {
  const worker = '+8613700000000';
  const many = (count: number, homeOf: (n: number) => string): Partial<RegisterRows> => {
    const ids = Array.from({ length: count }, (_, n) => `m${n}`);
    return {
      residents: ids.map((id, n) => ({ id, homeId: homeOf(n), name: id, number: null, ...person })),
      contacts: ids.map((residentId) => ({ id: `c-${residentId}`, residentId, name: '', number: worker, ...called })),
    };
  };
  const callerOf = (count: number, homeOf: (n: number) => string = (n) => `h${n}`) =>
    directoryOf([], 1, many(count, homeOf)).callerOf('line', worker);
  expect(callerOf(16).caller.residentIds).toHaveLength(16);
  expect(callerOf(17)).toMatchObject({
    ...{ standing: 'verified', deviceId: expect.stringMatching(/^tel-/) },
    caller: { number: worker, whose: 'contact', residentIds: [], homeId: null },
  });
  expect(callerOf(17, () => 'h1').caller).toMatchObject({ residentIds: [], homeId: 'h1' });
});
