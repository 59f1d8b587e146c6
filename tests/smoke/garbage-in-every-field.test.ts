import { connect } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import type { IncidentDetail, Incident } from '../../gateway/api/contract/incident.ts';
import type { DeviceCreated, Home, Resident } from '../../gateway/api/contract/registry.ts';
import type { Session } from '../../gateway/api/contract/session.ts';
import { PROBLEM_STATUS, type Problem } from '../../gateway/api/contract/problem.ts';
import { afterwards } from '../harness/cleanup.ts';
import { ADMIN_PASSWORD } from '../harness/gateway.ts';
import { connectDevice } from './world/device.ts';
import { HTML, SQL } from './world/garbage.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

let world: World;
let token: string;

beforeAll(async () => {
  world = await openWorld();
  const answer = await fetch(`${world.gateway.httpUrl}/api/v1/session`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD, token: true }),
  });
  token = ((await answer.json()) as Session).token ?? '';
});

const JSON_TYPE = { 'content-type': 'application/json' };

/** Long enough to hurt, short enough for the shortest field. */
const NASTY = [
  SQL,
  HTML.slice(0, 90),
  '../../../etc/passwd',
  '${jndi:ldap://x}',
  '=cmd|A1',
  '\u202e反\u0007\u001b[31m',
  '%00%0a',
];

test('SQL, HTML and their like are kept and given back letter by letter', async () => {
  const { admin, operator } = world;
  for (const [n, nasty] of NASTY.entries()) {
    const home = await admin.post<Home>('/homes', {
      region: 'city',
      address: nasty,
      entrance: nasty,
      accessPlan: nasty,
    });
    expect(home).toMatchObject({ address: nasty, entrance: nasty, accessPlan: nasty });
    const contact = { name: nasty, relation: nasty, number: '+8613900000000', language: nasty, note: nasty };
    const resident = await admin.post<Resident>('/residents', {
      name: nasty,
      homeId: home.id,
      speech: nasty,
      health: nasty,
      contacts: [contact],
    });
    expect(resident).toMatchObject({ name: nasty, speech: nasty, health: nasty, contacts: [contact] });
    expect(await admin.get(`/residents/${resident.id}`)).toEqual(resident);
    const { id, username, password, mqttUrl, ...device } = await admin.post<DeviceCreated>('/devices', {
      model: 'generic-pendant',
      residentIds: [resident.id],
      place: nasty,
    });
    expect(device).toMatchObject({ place: nasty });
    const user = {
      username: `user-${n}`,
      name: nasty,
      roles: ['operator'],
      regions: ['*'],
      password: nasty.padEnd(10),
    };
    expect(await admin.post('/users', user)).toMatchObject({ name: nasty });

    const link = await connectDevice({ deviceId: id, username, password, mqttUrl });
    const zone = nasty.slice(0, 64);
    expect(await link.press({ type: 'sos', text: nasty, zone, id: nasty, of: nasty })).toBe(true);
    const { incident } = await world.feed.until((item) => item.incident.deviceId === id, 'the alarm');
    await operator.act(incident.id, 'claim', {});
    await operator.act(incident.id, 'note', { text: nasty });
    await operator.act(incident.id, 'contact', { kind: 'spoke-with-person', text: nasty });
    const seenBy = { outcome: 'helped', contact: 'seen-by', name: nasty, text: nasty } as const;
    await operator.act(incident.id, 'resolve', seenBy);
    const { alarms, log } = await operator.detail(incident.id);
    expect(alarms).toMatchObject([{ text: nasty, zone }]);
    const said = log.flatMap(({ data }) => [data['text'], data['name']]).filter((text) => text !== undefined);
    expect(said).toEqual(expect.arrayContaining([nasty]));
    expect(said.filter((text) => typeof text === 'string' && text !== nasty)).toEqual([]);
    const byHand = await operator.post<Incident>('/incidents', { type: 'sos', source: 'phone', text: nasty });
    expect((await operator.get<IncidentDetail>(`/incidents/${byHand.id}`)).alarms).toMatchObject([{ text: nasty }]);
    link.cut();
  }
  expect((await admin.get<{ items: unknown[] }>('/residents')).items).toHaveLength(NASTY.length);
});

/** What no route takes, and the fields that a problem must then name. */
const BAD_BODIES: readonly (readonly [path: string, body: unknown, fault: string])[] = [
  ['/residents', {}, '/body'],
  ['/residents', { name: 7 }, '/body/name'],
  ['/residents', { name: '' }, '/body/name'],
  ['/residents', { name: 'x'.repeat(101), region: 'city' }, '/body/name'],
  ['/residents', { name: 'a\0b', region: 'city' }, '/body/name'],
  ['/residents', { name: 'x', region: 'No Region' }, '/body/region'],
  ['/residents', { name: 'x', region: 'city', number: '110' }, '/body/number'],
  ['/residents', { name: 'x', region: 'city', birthYear: 1066 }, '/body/birthYear'],
  ['/residents', { name: 'x', region: 'city', contacts: [{ name: 'y', number: 5 }] }, '/body/contacts/0/number'],
  ['/residents', { name: 'x', region: 'city', extra: 1 }, '/body'],
  ['/residents', { name: 'x', region: 'city', id: '../x' }, '/body/id'],
  ['/homes', { address: null, region: null }, '/body/address'],
  ['/homes', [], '/body'],
  ['/devices', { model: SQL }, '/body/model'],
  ['/devices', { model: 'generic-pendant', residentIds: 'all' }, '/body/residentIds'],
  ['/users', { username: HTML, roles: ['operator'], regions: ['*'] }, '/body/username'],
  ['/users', { username: 'u', roles: ['god'], regions: ['*'] }, '/body/roles/0'],
  ['/incidents', { type: 'sos', source: 'phone' }, '/body'],
  ['/incidents', { type: 'constructor', source: 'phone', text: 'x' }, '/body/type'],
  ['/incidents', { type: 'system', source: 'phone', text: 'x' }, '/body/type'],
  ['/session', { username: ['admin'], password: { $ne: '' } }, '/body/username'],
];

test.each(BAD_BODIES)('%s refuses %j and names the field', async (path, body, fault) => {
  const answer = await world.admin.ask<Problem>('POST', path, body);
  expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request' } });
  expect(answer.body.errors?.map((error) => error.path) ?? []).toContain(fault);
});

test('an id that is taken is a conflict, and what was there stays as it was', async () => {
  const { admin } = world;
  const first = await admin.post<Resident>('/residents', { id: 'same', name: 'first', region: 'city' });
  await admin.post('/homes', { id: 'same', address: 'first', region: 'city' });
  await admin.post('/devices', { id: 'same', model: 'generic-pendant' });
  await admin.post('/users', { username: 'same', roles: ['operator'], regions: ['*'] });
  const again: readonly (readonly [string, object])[] = [
    ['/residents', { id: 'same', name: 'second', region: 'city' }],
    ['/homes', { id: 'same', address: 'second', region: 'city' }],
    ['/devices', { id: 'same', model: 'generic-one-touch' }],
    ['/users', { username: 'same', roles: ['admin'], regions: ['*'] }],
  ];
  for (const [path, body] of again) {
    expect(await admin.ask('POST', path, body)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  }
  expect(await admin.get('/residents/same')).toEqual(first);
});

const BAD_REQUESTS: Readonly<Record<string, RequestInit>> = {
  'half JSON': { body: '{"username":"a', headers: JSON_TYPE },
  'no JSON': { body: '\u0000\u0001', headers: JSON_TYPE },
  'not UTF-8': { body: Buffer.of(0x22, 0xff, 0xfe, 0x22), headers: JSON_TYPE },
  nothing: { headers: JSON_TYPE },
  depth: { body: `${'['.repeat(20_000)}${']'.repeat(20_000)}`, headers: JSON_TYPE },
  'a prototype': { body: '{"__proto__":{"admin":true},"username":"a","password":"b"}', headers: JSON_TYPE },
  'a megabyte': { body: JSON.stringify({ username: 'x'.repeat(1024 * 1024), password: 'y' }), headers: JSON_TYPE },
  'a form': { body: 'username=a&password=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  XML: { body: '<a/>', headers: { 'content-type': 'text/xml' } },
};

test.each(Object.entries(BAD_REQUESTS))('a request with %s gets a problem', async (_name, init) => {
  const answer = await fetch(`${world.gateway.httpUrl}/api/v1/session`, { method: 'POST', ...init });
  const problem = (await answer.json()) as Problem;
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect([400, 413]).toContain(answer.status);
  expect(problem.status).toBe(answer.status);
  expect(PROBLEM_STATUS[problem.code]).toBe(answer.status);
});

const BAD_PATHS = [
  '/api/v1/incidents?state=asleep',
  '/api/v1/incidents?cursor=%00',
  '/api/v1/incidents?cursor=9_x&cursor=8_y',
  `/api/v1/incidents/${encodeURIComponent(SQL)}`,
  '/api/v1/incidents/%2e%2e%2fusers',
  '/api/v1/residents/%ff%fe',
  '/api/v1/residents/%zz',
  `/api/v1/residents/${'x'.repeat(10_000)}`,
  '/api/v1/residents?cursor=__proto__%00',
  '/api/v1/nothing',
  '/api/v2/incidents',
];

test.each(BAD_PATHS)('GET %s gets a problem', async (path) => {
  const answer = await fetch(world.gateway.httpUrl + path, { headers: { authorization: `Bearer ${token}` } });
  const problem = (await answer.json()) as Problem;
  expect([400, 404, 413]).toContain(answer.status);
  expect(PROBLEM_STATUS[problem.code]).toBe(answer.status);
});

test('actions refuse what cannot be, and keep the incident as it was', async () => {
  const { operator } = world;
  const { id } = await operator.post<Incident>('/incidents', { type: 'sos', source: 'visit', text: 'x' });
  const now = new Date().toISOString();
  const refused: readonly (readonly [string, object])[] = [
    ['seen', { received: 'yesterday' }],
    ['seen', { received: HTML }],
    ['seen', { received: now, painted: '2026-13-45T99:00:00Z' }],
    ['seen', {}],
    ['note', { text: '' }],
    ['note', { text: 7 }],
    ['note', { text: 'x'.repeat(4001) }],
    ['contact', { kind: 'hoped' }],
    ['call', { number: "110'; --" }],
    ['call', { contactId: 'a b' }],
    ['resolve', { outcome: 'forgotten', contact: 'spoke-with-person' }],
    ['resolve', { outcome: 'helped', contact: ['seen-by'] }],
    ['claim', { owner: 'me' }],
  ];
  const before = await operator.detail(id);
  for (const [action, body] of refused) {
    const answer = await operator.ask<Problem>('POST', `/incidents/${id}/${action}`, body);
    expect({ action, body, answer }).toMatchObject({ answer: { status: 400, body: { code: 'bad-request' } } });
  }
  expect(await operator.detail(id)).toEqual(before);
});

/** What is no HTTP, or half of it: the connection may end as it likes. */
const BAD_STREAMS = [
  '',
  '\0\0\0\0',
  'GET',
  'GET / HTTP/9.9\r\n\r\n',
  'BREW /pot HTCPCP/1.0\r\n\r\n',
  `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(10_000)}\r\n`,
  `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`,
  'POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{}',
  'POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
  'POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: -1\r\n\r\n',
  'GET /api/v1/events HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
];

test('what is no HTTP harms nobody, and a press in the middle rings', async () => {
  const { gateway, admin, feed } = world;
  const { id, username, password, mqttUrl } = await admin.post<DeviceCreated>('/devices', { model: 'generic-pendant' });
  const speak = (text: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = connect(gateway.http, '127.0.0.1', () => socket.end(text, 'latin1'));
    afterwards(() => void socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve()).resume();
    return promise;
  };
  const spoken = Promise.all(Array.from({ length: 10 }, () => BAD_STREAMS.map(speak)).flat());
  await pressAndSee(feed, { deviceId: id, username, password, mqttUrl }, { type: 'sos' });
  await spoken;
  expect((await fetch(`${gateway.httpUrl}/healthz`)).status).toBe(200);
  expect(gateway.stderr()).not.toMatch(/"level":"fatal"|"status":500/);
});

test('the command line tells what is wrong, and with --json as a problem', async () => {
  const { gateway } = world;
  const wrong: readonly (readonly string[])[] = [
    ['device', 'add', '--model', SQL],
    ['device', 'add', '--model', 'generic-pendant', '--id', 'a/b'],
    ['device', 'add', '--model', 'generic-pendant', '--resident', 'nobody'],
    ['resident', 'add', '--name', '', '--region', 'city'],
    ['resident', 'add', '--name', HTML.slice(0, 50), '--region', '<city>'],
    ['user', 'add', '--username', SQL, '--role', 'operator', '--region', '*'],
    ['device', 'add'],
    ['fly'],
  ];
  const outcomes = await Promise.all(wrong.map((words) => gateway.zhuji(...words, '--json')));
  for (const [n, { code, stdout, stderr }] of outcomes.entries()) {
    expect({ words: wrong[n], code, stdout }).toEqual({ words: wrong[n], code: expect.toBeOneOf([1, 2]), stdout: '' });
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(JSON.parse(stderr)).toMatchObject({ code: expect.any(String) });
  }
});
