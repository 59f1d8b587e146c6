import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { Device, DeviceCreated, Home, Resident } from '../../../gateway/api/contract/registry.ts';
import { SessionUser, UserCreated } from '../../../gateway/api/contract/session.ts';
import { call, startAsAdmin } from './register-server.ts';

/** Texts that break what pastes them into SQL, HTML, JSON, a log or a shell. */
const NASTY = [
  `Robert'); drop table residents;--`,
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '"\\u0041\\n${1+1}`rm -rf`$(id)',
  '{"$ne":null} %s %x %n',
  '王秀英 👵🏻 \u202eabc\u200d é e\u0301',
  "line one\r\nline two\ttab 'quoted' \\",
];

test('SQL and HTML in every text field come back unchanged and harm nothing', async () => {
  const { ask } = await startAsAdmin();
  for (const [index, text] of NASTY.entries()) {
    const home = await ask('POST', '/homes', { address: text, region: null, entrance: text, accessPlan: text });
    expect(home.body).toMatchObject({ address: text, entrance: text, accessPlan: text });
    const contact = { name: text, relation: text, number: '+8613900000000', language: text, note: text };
    const resident = await ask('POST', '/residents', {
      name: text,
      homeId: home.body.id,
      speech: text,
      health: text,
      contacts: [contact],
    });
    const read = await ask('GET', `/residents/${resident.body.id}`);
    expect(read.body).toMatchObject({ name: text, speech: text, health: text, contacts: [contact] });
    const device = await ask('POST', '/devices', { model: 'generic-pendant', homeId: home.body.id, place: text });
    expect((await ask('GET', `/devices/${device.body.id}`)).body.place).toBe(text);
    const user = await ask('POST', '/users', {
      username: `u${index}`,
      name: text,
      roles: ['operator'],
      regions: ['*'],
    });
    expect(user.body.name).toBe(text);
  }
  expect((await ask('GET', '/residents')).body.items).toHaveLength(NASTY.length);
});

test('ids and regions that are not of the contract are refused', async () => {
  const { ask } = await startAsAdmin();
  for (const id of ['', 'a b', "a'b", '../x', 'x'.repeat(65), '老人', 'a/b', '#', '+']) {
    expect((await ask('POST', '/devices', { model: 'generic-pendant', id })).status, id).toBe(400);
  }
  for (const region of ['', 'A', 'a//b', '/a', 'a/b/c/d', 'a b', '*', '..']) {
    expect((await ask('POST', '/homes', { address: 'x', region })).status, region).toBe(400);
  }
  expect((await ask('GET', '/homes/%27%20or%201=1')).status).toBe(400);
});

test('answers are what the contract says', async () => {
  const { ask, addUser } = await startAsAdmin();
  const resident = await ask('POST', '/residents', {
    name: 'Wang',
    region: 'yuyao',
    address: 'x',
    birthYear: 1940,
    number: '+8613900000000',
    categories: ['80-plus', 'living-alone'],
    contacts: [{ name: 'Li', number: '+8613900000001', hasKey: true, minutesAway: 4 }],
  });
  const device = await ask('POST', '/devices', { model: 'generic-one-touch', residentIds: [resident.body.id] });
  await addUser('op', ['operator'], ['yuyao']);
  expect(resident.status).toBe(201);
  expect(Compile(Resident).Check(resident.body)).toBe(true);
  expect(device.status).toBe(201);
  expect(Compile(DeviceCreated).Check(device.body)).toBe(true);
  expect(device.body).toMatchObject({
    homeId: resident.body.homeId,
    username: device.body.id,
    topic: `zj/v1/${device.body.id}/alarm`,
    mqttUrl: 'mqtt://127.0.0.1:1883',
  });
  for (const [path, schema] of [
    ['/homes', Home],
    ['/residents', Resident],
    ['/devices', Device],
    ['/users', SessionUser],
  ] as const) {
    const { status, body } = await ask('GET', path);
    expect(status, path).toBe(200);
    expect(body.items.length, path).toBeGreaterThan(0);
    for (const item of body.items) expect(Compile(schema).Check(item), path).toBe(true);
    expect(JSON.stringify(body), path).not.toMatch(/argon2|secret|password/i);
  }
  const user = await ask('POST', '/users', {
    username: 'x',
    password: 'long enough',
    roles: ['admin'],
    regions: ['*'],
  });
  expect(Compile(UserCreated).Check(user.body)).toBe(true);
  expect(user.body.password).toBeNull();
});

test('a device says whether its model stays at home, so that no screen needs a list of models', async () => {
  const { ask } = await startAsAdmin();
  for (const model of ['landline-contact-id', 'sim-pendant']) {
    const { body } = await ask('POST', '/devices', { model });
    expect((await ask('GET', `/devices/${body.id}`)).body.mobility).toBe(DEVICE_MODELS.find(model)?.mobility);
  }
});

test('an operator reads the own region and below, nobody else’s, and writes nothing', async () => {
  const { ask, addUser, url } = await startAsAdmin();
  const add = async (region: string | undefined) => {
    const { body } = await ask('POST', '/residents', { name: 'x', ...(region === undefined ? {} : { region }) });
    const device = await ask('POST', '/devices', { model: 'generic-pendant', residentIds: [body.id] });
    return { residentId: body.id, homeId: body.homeId, deviceId: device.body.id };
  };
  const mine = await add('yuyao/lanjiang/xincun');
  const theirs = await add('yuyao/other');
  const nobodys = await add(undefined);
  const operator = await addUser('op', ['operator'], ['yuyao/lanjiang']);
  const paths = (of: typeof mine) => [`/residents/${of.residentId}`, `/homes/${of.homeId}`, `/devices/${of.deviceId}`];
  for (const path of [...paths(mine), ...paths(nobodys)]) {
    expect((await ask('GET', path, undefined, operator)).status, path).toBe(200);
  }
  for (const path of paths(theirs)) {
    expect((await ask('GET', path, undefined, operator)).body.code, path).toBe('not-found');
  }
  for (const path of ['/residents', '/homes', '/devices']) {
    expect((await ask('GET', path, undefined, operator)).body.items, path).toHaveLength(2);
  }
  const writes: readonly (readonly [string, string, unknown])[] = [
    ['POST', '/homes', { address: 'x', region: 'yuyao/lanjiang' }],
    ['POST', '/residents', { name: 'x' }],
    ['POST', `/residents/${mine.residentId}/contacts`, { name: 'x', number: '+8613900000000' }],
    ['POST', '/devices', { model: 'generic-pendant' }],
    ['DELETE', `/devices/${mine.deviceId}`, undefined],
    ['PUT', `/devices/${mine.deviceId}/binding`, { residentIds: [] }],
    ['GET', `/devices/${mine.deviceId}/bindings`, undefined],
    ['POST', `/devices/${mine.deviceId}/secret`, undefined],
    ['POST', '/users', { username: 'x', roles: ['admin'], regions: ['*'] }],
    ['GET', '/users', undefined],
  ];
  for (const [method, path, body] of writes) {
    expect((await ask(method, path, body, operator)).body.code, `${method} ${path}`).toBe('forbidden');
    expect((await call(url, method, `/api/v1${path}`)).body.code, `${method} ${path}`).toBe('unauthenticated');
  }
});

test('an admin of one street gives away nothing beyond it', async () => {
  const { ask, addUser } = await startAsAdmin();
  const theirs = await ask('POST', '/residents', { name: 'x', region: 'yuyao/other' });
  const street = await addUser('street', ['admin'], ['yuyao/lanjiang']);
  const mine = await ask('POST', '/residents', { name: 'x', region: 'yuyao/lanjiang' });
  const mixed = [
    { homeId: mine.body.homeId, residentIds: [theirs.body.id] },
    { homeId: theirs.body.homeId, residentIds: [mine.body.id] },
    { residentIds: [mine.body.id, theirs.body.id] },
    { homeId: mine.body.homeId, residentIds: ['nobody-that-is-known'] },
  ];
  const refused: readonly (readonly [string, unknown, string])[] = [
    ['/homes', { address: 'x', region: 'yuyao' }, 'forbidden'],
    ['/homes', { address: 'x', region: 'yuyao/lanjiangx' }, 'forbidden'],
    ['/residents', { name: 'x', region: 'yuyao/other' }, 'forbidden'],
    ['/residents', { name: 'x', homeId: theirs.body.homeId }, 'forbidden'],
    ['/devices', { model: 'generic-pendant', residentIds: [theirs.body.id] }, 'forbidden'],
    ['/devices', { model: 'generic-pendant', homeId: theirs.body.homeId }, 'forbidden'],
    ...mixed.map((target) => ['/devices', { model: 'generic-pendant', ...target }, 'forbidden'] as const),
    ['/users', { username: 'x', roles: ['operator'], regions: ['*'] }, 'forbidden'],
    ['/users', { username: 'x', roles: ['operator'], regions: ['yuyao/lanjiang', 'yuyao'] }, 'forbidden'],
    [`/residents/${theirs.body.id}/contacts`, { name: 'x', number: '+8613900000000' }, 'not-found'],
  ];
  for (const [path, body, code] of refused) {
    expect((await ask('POST', path, body, street)).body.code, `${path} ${JSON.stringify(body)}`).toBe(code);
  }
  const { body: device } = await ask('POST', '/devices', { model: 'generic-pendant' });
  for (const target of [
    { residentIds: [theirs.body.id] },
    { homeId: theirs.body.homeId, residentIds: [] },
    { homeId: null, residentIds: [mine.body.id, theirs.body.id] },
    ...mixed,
  ]) {
    expect((await ask('PUT', `/devices/${device.id}/binding`, target, street)).body.code).toBe('forbidden');
  }
  await ask('PUT', `/devices/${device.id}/binding`, { residentIds: [theirs.body.id] });
  for (const [method, path] of [
    ['PUT', 'binding'],
    ['GET', 'bindings'],
    ['POST', 'secret'],
  ] as const) {
    const body = method === 'PUT' ? { residentIds: [] } : undefined;
    expect((await ask(method, `/devices/${device.id}/${path}`, body, street)).body.code).toBe('not-found');
  }
  const status = { kind: 'hospital' };
  expect((await ask('PUT', `/residents/${theirs.body.id}/status`, status, street)).body.code).toBe('not-found');
  expect((await ask('GET', `/residents/${theirs.body.id}/statuses`, undefined, street)).body.code).toBe('not-found');
  const whole = { homeId: mine.body.homeId, residentIds: [mine.body.id] };
  expect((await ask('POST', '/devices', { model: 'generic-pendant', ...whole }, street)).status).toBe(201);
  const own = { username: 'own', roles: ['operator'], regions: ['yuyao/lanjiang/xincun'] };
  expect((await ask('POST', '/users', own, street)).status).toBe(201);
  expect((await ask('POST', '/homes', { address: 'x', region: 'yuyao/lanjiang/xincun' }, street)).status).toBe(201);
});

test('a removed device is retired at once, its hook is called, and its name stays taken', async () => {
  const { ask, registry, revoked } = await startAsAdmin();
  const { body } = await ask('POST', '/devices', { model: 'generic-pendant', id: 'pendant-1' });
  expect((await ask('DELETE', '/devices/pendant-1')).status).toBe(204);
  // The first time when it was added: whoever came under its name before connects anew.
  expect(revoked).toEqual(['pendant-1', 'pendant-1']);
  expect(registry.directory().standingOf('pendant-1', Buffer.from(body.password))).toBe('retired');
  expect((await ask('GET', '/devices/pendant-1')).body.retiredAt).toMatch(/Z$/);
  expect((await ask('POST', '/devices', { model: 'generic-pendant', id: 'pendant-1' })).body.code).toBe('conflict');
  expect((await ask('DELETE', '/devices/none')).body.code).toBe('not-found');
});

test('every read of a person’s file leaves a trace', async () => {
  const { ask, read, addUser } = await startAsAdmin();
  const { body } = await ask('POST', '/residents', { name: 'x', region: 'yuyao' });
  const operator = await addUser('op', ['operator'], ['yuyao']);
  const { body: session } = await ask('GET', '/session', undefined, operator);
  await ask('GET', `/residents/${body.id}`, undefined, operator);
  await ask('GET', '/residents', undefined, operator);
  expect(read).toEqual([`user:${session.user.id} ${body.id}`, `user:${session.user.id} ${body.id}`]);
});

test('lists come in pages that neither double nor lose', async () => {
  const { ask, registry } = await startAsAdmin();
  const ids = Array.from({ length: 401 }, (_, index) => `h${String(index).padStart(3, '0')}`);
  for (let start = 0; start < ids.length; start += 50) {
    await Promise.all(ids.slice(start, start + 50).map((id) => registry.addHome({ id, address: 'x', region: null })));
  }
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = cursor === '' ? '/homes' : `/homes?cursor=${cursor}`;
    const { body } = await ask('GET', path);
    expect(body.items.length).toBeLessThanOrEqual(200);
    seen.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.next;
  }
  expect(seen).toEqual(ids);
});

test('long notes fit, floods do not', async () => {
  const { ask } = await startAsAdmin();
  const note = '很'.repeat(4_000);
  const contacts = Array.from({ length: 20 }, () => ({ name: 'x', number: '+8613900000000', note }));
  expect((await ask('POST', '/residents', { name: 'x', contacts })).status).toBe(201);
  expect((await ask('POST', '/residents', { name: 'x'.repeat(600_000) })).body.code).toBe('too-large');
});

test('models are those of the catalog', async () => {
  const { ask } = await startAsAdmin();
  const { body } = await ask('GET', '/device-models');
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual(
    expect.arrayContaining(['generic-one-touch', 'generic-pendant', 'generic-wearable', 'generic-home-gateway']),
  );
  const watch = body.items.find(({ id }: { id: string }) => id === 'generic-wearable');
  expect(watch.metrics).toEqual(expect.arrayContaining(['heart-rate', 'spo2']));
});
