import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { DeviceAddresses } from '../../../gateway/api/contract/addresses.ts';
import { openIncident } from '../incidents/build.ts';
import { startAsAdmin } from './register-server.ts';

const KEY = '00112233445566778899AABBCCDDEEFF';
const MODEL = { model: 'generic-pendant' };

test('a device is added with what it sends under, in effect at once; its key is never shown again', async () => {
  const { ask, registry } = await startAsAdmin();
  const asked = {
    ...MODEL,
    id: 'd1',
    account: 'ab12',
    receiver: 'DC09',
    key: KEY,
    number: '138 0013 8000',
    heartbeatS: 90,
  };
  const added = await ask('POST', '/devices', asked);
  expect(added).toMatchObject({
    status: 201,
    body: {
      addresses: [
        { kind: 'account', receiver: 'dc09', value: 'AB12', hasKey: true, heartbeatS: 90, isConfirmed: true },
        { kind: 'number', receiver: null, value: '+8613800138000', hasKey: false, heartbeatS: null, isConfirmed: true },
      ],
    },
  });
  expect(added.body).not.toHaveProperty('newKey');
  const { key, ...sender } = registry.directory().accountOf('dc09', 'AB12');
  expect(sender).toEqual({ deviceId: 'd1', standing: 'verified', model: 'generic-pendant' });
  expect(Buffer.from(key ?? []).toString('hex')).toBe(KEY.toLowerCase());
  expect(registry.directory().callerOf('com3', '013800138000').deviceId).toBe('d1');
  const answers = [
    added,
    ...(await Promise.all(['/devices', '/devices/d1', '/devices/d1/addresses'].map((path) => ask('GET', path)))),
  ];
  expect(JSON.stringify(answers.map(({ body }) => body))).not.toMatch(new RegExp(KEY, 'i'));
});

test('a key that is made here is shown once and has as many bits as were asked for', async () => {
  const { ask, registry } = await startAsAdmin();
  const added = await ask('POST', '/devices', { ...MODEL, id: 'd1', account: '1000', newKeyBits: 192 });
  expect(added.body.newKey).toMatch(/^[0-9a-f]{48}$/);
  const more = await ask('POST', '/devices/d1/addresses', { account: '1001', newKeyBits: 256 });
  expect(more.body.newKey).toMatch(/^[0-9a-f]{64}$/);
  const keys = ['1000', '1001'].map((account) => registry.directory().accountOf('x', account).key);
  expect(keys.map((key) => Buffer.from(key ?? []).toString('hex'))).toEqual([added.body.newKey, more.body.newKey]);
});

test('what contradicts itself, or belongs to another device, is refused with its place', async () => {
  const { ask, registry } = await startAsAdmin();
  await ask('POST', '/devices', { ...MODEL, id: 'd1', account: '1000', number: '+8613800138000' });
  const cases = [
    [{ account: '1000' }, 'conflict', '/account'],
    [{ number: '0086 138 0013 8000' }, 'conflict', '/number'],
    [{ receiver: 'dc09' }, 'bad-request', '/receiver'],
    [{ key: KEY, number: '+8613800138001' }, 'bad-request', '/key'],
    [{ account: '1001', key: KEY, newKeyBits: 128 }, 'bad-request', '/newKeyBits'],
    [{ heartbeatS: 90 }, 'bad-request', '/heartbeatS'],
    [{ number: '62345678' }, 'bad-request', '/number'],
    [{ number: '110' }, 'bad-request', '/number'],
    [{ account: '12' }, 'bad-request', '/account'],
    [{ account: '1001', key: 'ff' }, 'bad-request', '/key'],
    [{ account: '1001', newKeyBits: 64 }, 'bad-request', '/newKeyBits'],
  ] as const;
  for (const [fields, code, path] of cases) {
    const { body } = await ask('POST', '/devices', { ...MODEL, id: 'd2', ...fields });
    expect({ code: body.code, path: body.errors?.[0]?.path }, JSON.stringify(fields)).toEqual({
      code,
      path: `/body${path}`,
    });
  }
  expect((await ask('POST', '/devices/d1/addresses', {})).body.code).toBe('bad-request');
  expect(registry.directory().device('d2')).toBeUndefined();
});

test('an address is added, listed, confirmed and taken away, and each leaves a trace', async () => {
  const { ask, noted } = await startAsAdmin();
  await ask('POST', '/devices', { ...MODEL, id: 'd1' });
  expect((await ask('POST', '/devices/d1/confirm')).body).toEqual({ items: [] });
  expect((await ask('POST', '/devices/none/confirm')).body.code).toBe('not-found');
  noted.length = 0;
  const { status, body } = await ask('POST', '/devices/d1/addresses', { number: '01062345678' });
  expect(status).toBe(201);
  const confirmed = await ask('POST', '/devices/d1/confirm');
  expect(Compile(DeviceAddresses).Check(confirmed.body)).toBe(true);
  expect(Date.parse(confirmed.body.items[0].confirmedAt)).toBeGreaterThan(Date.parse(body.items[0].confirmedAt));
  expect((await ask('DELETE', `/devices/d1/addresses/${body.items[0].id}`)).status).toBe(204);
  expect((await ask('DELETE', `/devices/d1/addresses/${body.items[0].id}`)).body.code).toBe('not-found');
  expect((await ask('GET', '/devices/d1/addresses')).body).toEqual({ items: [] });
  expect(noted.map((line) => line.split(' ')[0])).toEqual(['device-addresses', 'device-confirmed', 'device-addresses']);
});

test('a number is read by whoever may read the person’s file, and each reading leaves a trace', async () => {
  const away = openIncident({ deviceId: 'd1', region: 'cixi', isForAll: false, openedAt: Date.now() + 60_000 });
  const { ask, addUser, read } = await startAsAdmin({ open: [away] });
  const { body: person } = await ask('POST', '/residents', { name: 'x', region: 'yuyao' });
  const sends = { account: '1000', number: '+8613800138000' };
  await ask('POST', '/devices', { ...MODEL, id: 'd1', residentIds: [person.id], ...sends });
  const [here, elsewhere] = [
    await addUser('here', ['operator'], ['yuyao']),
    await addUser('away', ['operator'], ['cixi']),
  ];
  const values = async (path: string, session: typeof here) => {
    const { body } = await ask('GET', path, undefined, session);
    const addresses: { value: string | null }[] = body.items ?? body.addresses ?? [];
    return addresses.map(({ value }) => value);
  };
  read.length = 0;
  expect(await values('/devices/d1', here)).toEqual(['1000', null]);
  expect(read).toEqual([]);
  expect(await values('/devices/d1/addresses', here)).toEqual(['1000', '+8613800138000']);
  expect(read).toEqual([expect.stringContaining(person.id)]);
  // The case opens the device, and the person's file only where it is about them.
  expect(await values('/devices/d1/addresses', elsewhere)).toEqual(['1000', null]);
  expect(read).toHaveLength(1);
  // It hangs in their home, and is nobody's alone.
  await ask('PUT', '/devices/d1/binding', { residentIds: [], homeId: person.homeId });
  read.length = 0;
  expect(await values('/devices/d1/addresses', here)).toEqual(['1000', '+8613800138000']);
  expect(read).toEqual([expect.stringContaining(person.id)]);
  expect(await values('/devices/d1/addresses', elsewhere)).toEqual(['1000', null]);
  expect(read).toHaveLength(1);
  const stranger = await addUser('far', ['operator'], ['ninghai']);
  expect((await ask('GET', '/devices/d1/addresses', undefined, stranger)).body.code).toBe('not-found');
  for (const method of ['POST', 'DELETE'] as const) {
    const path = method === 'POST' ? '/devices/d1/addresses' : '/devices/d1/addresses/1';
    expect((await ask(method, path, method === 'POST' ? { account: '1001' } : undefined, here)).body.code).toBe(
      'forbidden',
    );
  }
  expect((await ask('POST', '/devices/d1/confirm', {}, here)).body.code).toBe('forbidden');
});
