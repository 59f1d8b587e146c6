import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../gateway/clock.ts';
import { createAddressWrites } from '../../../gateway/registry/address-writes.ts';
import { loadSnapshot } from '../../../gateway/registry/snapshot.ts';
import { type PlannedAddress, saveSeen } from '../../../gateway/registry/writes/addresses.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { open } from './open-test-registry.ts';

const KEY = '00112233445566778899aabbccddeeff';
const MODEL = { model: 'generic-pendant' };
const account = (value: string, more: Partial<PlannedAddress> = {}): PlannedAddress => {
  return { kind: 'account', receiver: null, value, key: null, heartbeatS: null, ...more };
};
const NUMBER: PlannedAddress = { ...account('+8613800138000'), kind: 'number' };

test('an address is in effect when its device is added, and every gateway knows it', async () => {
  const { databaseUrl } = await createDatabase();
  const one = open(databaseUrl, await scratchDir());
  const other = open(databaseUrl, await scratchDir(), { gatewayId: 'gateway-2' });
  await one.registry.start();
  await other.registry.start();
  const addresses = [account('AB12', { receiver: 'dc09', key: KEY, heartbeatS: 90 }), NUMBER];
  const { id } = await one.registry.addDevice(MODEL, 'local:0', addresses);
  const known = (registry: typeof one.registry) => {
    const directory = registry.directory();
    const [sender, caller] = [directory.accountOf('dc09', 'ab12'), directory.callerOf('com3', '13800138000')];
    return [sender.deviceId, sender.standing, caller.deviceId, caller.standing, directory.heartbeatOf(id)];
  };
  const expected = [id, 'verified', id, 'verified', 90];
  expect(known(one.registry)).toEqual(expected);
  await until(() => known(other.registry).join() === expected.join(), {
    timeoutMs: 30_000,
    what: 'the other gateway knows the addresses',
  });
  const { key } = other.registry.directory().accountOf('dc09', 'AB12');
  expect(Buffer.from(key ?? []).toString('hex')).toBe(KEY);
  const strangers = [one, other].map(({ registry }) => registry.directory().callerOf('x', '13700137000').deviceId);
  expect(new Set(strangers).size).toBe(1);
  expect(strangers[0]).toMatch(/^tel-/);
});

test('no two devices in service have the same address, and a refused device is not there', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry } = open(databaseUrl, await scratchDir());
  await registry.start();
  const writes = createAddressWrites(registry, systemClock);
  const { id } = await registry.addDevice({ ...MODEL, id: 'd1' }, 'local:0', [account('1234'), NUMBER]);
  for (const [address, path] of [
    [account('1234'), '/account'],
    [NUMBER, '/number'],
  ] as const) {
    const refused = registry.addDevice({ ...MODEL, id: 'd2' }, 'local:0', [account('9999'), address]);
    await expect(refused).rejects.toMatchObject({ code: 'conflict', path });
    expect(registry.directory().device('d2')).toBeUndefined();
  }
  expect(registry.directory().accountOf('dc09', '9999').standing).toBe('unregistered');
  // The same account at one receiver alone is another.
  await registry.addDevice({ ...MODEL, id: 'd2' }, 'local:0', [account('1234', { receiver: 'dc09' })]);

  await registry.removeDevice(id);
  expect(registry.directory().callerOf('x', '13800138000')).toMatchObject({ deviceId: 'd1', standing: 'retired' });
  await expect(writes.add(id, [account('7777')])).rejects.toMatchObject({ code: 'conflict', path: '/id' });
  await writes.add('d2', [NUMBER]);
  expect(registry.directory().callerOf('x', '13800138000')).toMatchObject({ deviceId: 'd2', standing: 'verified' });
});

test('an address that was taken away is a stranger’s, and only its own device loses it', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry } = open(databaseUrl, await scratchDir());
  await registry.start();
  const writes = createAddressWrites(registry, systemClock);
  await registry.addDevice({ ...MODEL, id: 'd1' }, 'local:0', [account('1234')]);
  await registry.addDevice({ ...MODEL, id: 'd2' }, 'local:0', [account('5678')]);
  const addressId = registry.directory().addressesOf('d1')[0]?.id ?? 0;
  await expect(writes.remove('d2', addressId)).rejects.toMatchObject({ code: 'not-found' });
  await writes.remove('d1', addressId);
  expect(registry.directory().accountOf('dc09', '1234').standing).toBe('unregistered');
  expect(registry.directory().addressesOf('d2')).toHaveLength(1);
});

test('without Postgres a start knows accounts with their keys, from a file that nobody else may read', async () => {
  const { databaseUrl } = await createDatabase();
  const dataDir = await scratchDir();
  const before = open(databaseUrl, dataDir);
  await before.registry.start();
  await before.registry.addDevice({ ...MODEL, id: 'd1' }, 'local:0', [account('1234', { key: KEY })]);
  await before.stop();
  const { registry } = open('postgres://127.0.0.1:1/nowhere', dataDir);
  expect(await registry.start()).toBe('snapshot');
  expect(registry.directory().accountOf('dc09', '1234')).toMatchObject({
    ...{ deviceId: 'd1', standing: 'verified', key: Buffer.from(KEY, 'hex') },
  });
  const text = await readFile(join(dataDir, 'register.snapshot.json'), 'utf8');
  expect(text).toContain(KEY);
  expect((await loadSnapshot(dataDir))?.rows.addresses).toHaveLength(1);
});

test('a number is in doubt when its device is taken from a home: the landline may have stayed behind', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry } = open(databaseUrl, await scratchDir());
  await registry.start();
  const add = async (name: string, region: string) => {
    const homeId = await registry.addHome({ region, address: name });
    return { homeId, residentId: await registry.addResident({ name, homeId }) };
  };
  const [wang, li] = [await add('Wang', 'a'), await add('Li', 'b')];
  await registry.addDevice({ ...MODEL, id: 'd1' }, 'local:0', [NUMBER, account('1234')]);
  const bind = (residentIds: readonly string[], homeId?: string) =>
    registry.bindDevice(
      'd1',
      { residentIds: [...residentIds], ...(homeId === undefined ? {} : { homeId }) },
      'local:0',
    );
  const number = () => {
    const { standing, caller } = registry.directory().callerOf('x', '13800138000');
    const [address] = registry.directory().addressesOf('d1');
    return [standing, caller.residentIds.join(), address?.confirmedAt === null, address?.seenAt];
  };
  await bind([wang.residentId]);
  expect(number()).toEqual(['verified', wang.residentId, false, null]);
  // Another person of the same home, as when somebody is erased.
  await bind([], wang.homeId);
  expect(number()).toEqual(['verified', '', false, null]);
  const id = registry.directory().addressesOf('d1')[0]?.id ?? 0;
  const saw = () => registry.change('see', (db) => saveSeen(db, [{ id, atMs: Date.now() }]));
  await saw();
  expect(number()[3]).toEqual(expect.any(String));
  await bind([li.residentId]);
  // A call of before that is only now written down.
  await saw();
  expect(number()).toEqual(['unverified', li.residentId, true, null]);
  expect(registry.directory().accountOf('dc09', '1234').standing).toBe('verified');
  await createAddressWrites(registry, systemClock).confirm('d1');
  expect(number()).toEqual(['verified', li.residentId, false, null]);
});
