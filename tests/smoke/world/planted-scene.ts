import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { expect } from 'vitest';
import type { AddressesAdded } from '../../../gateway/api/contract/addresses.ts';
import type { DeviceCreated, Home, Resident } from '../../../gateway/api/contract/registry.ts';
import type { UserCreated } from '../../../gateway/api/contract/session.ts';
import type { TestGateway } from '../../harness/gateway.ts';
import type { ownRedis } from '../../harness/own-servers.ts';
import { until } from '../../harness/until.ts';
import { connectDevice, type Credentials, type DeviceLink } from './device.ts';
import { logIn, type Answer, type Operator } from './operator.ts';
import type { Planted } from './planted.ts';

type Method = Parameters<Operator['ask']>[0];

/** A gateway in which everything that can hold personal data does. */
export type Scene = {
  readonly gateway: TestGateway;
  readonly redis: Awaited<ReturnType<typeof ownRedis>>;
  readonly planted: Planted;
  readonly admin: Operator;
  /** Method and path of every request that was answered well. */
  readonly answered: string[];
};

async function ask<T>(scene: Scene, method: Method, path: string, body?: unknown, status = 2): Promise<T> {
  const answer: Answer<T> = await scene.admin.ask(method, path, body);
  const wrong = `${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`;
  expect(String(answer.status).startsWith(String(status)), wrong).toBe(true);
  if (answer.status < 300) scene.answered.push(`${method} /api/v1${path.replace(/\?.*/, '')}`);
  return answer.body;
}

function contactOf({ planted }: Scene, prefix: string): object {
  return {
    name: planted.text(`${prefix}.name`),
    relation: planted.text(`${prefix}.relation`),
    number: planted.number(`${prefix}.number`),
    language: planted.text(`${prefix}.language`),
    note: planted.text(`${prefix}.note`),
    notice: true,
  };
}

export async function fillRegister(
  scene: Scene,
): Promise<{ readonly device: Credentials; readonly resident: Resident }> {
  const { planted } = scene;
  const home = await ask<Home>(scene, 'POST', '/homes', {
    region: 'city',
    address: planted.text('home.address'),
    entrance: planted.text('home.entrance'),
    accessPlan: planted.text('home.accessPlan'),
  });
  const resident = await ask<Resident>(scene, 'POST', '/residents', {
    name: planted.text('resident.name'),
    homeId: home.id,
    number: planted.number('resident.number'),
    speech: planted.text('resident.speech'),
    health: planted.text('resident.health'),
    contacts: [contactOf(scene, 'contact')],
  });
  const alone = { name: planted.text('other.name'), region: 'city', address: planted.text('other.address') };
  await ask(scene, 'POST', '/residents', alone);
  await ask(scene, 'POST', `/residents/${resident.id}/contacts`, contactOf(scene, 'added'));
  const device = { model: 'generic-one-touch', residentIds: [resident.id], place: planted.text('device.place') };
  const { id, username, password, mqttUrl } = await ask<DeviceCreated>(scene, 'POST', '/devices', device);
  planted.keep('device.password', password);
  const key = planted.keep('account.key', randomBytes(16).toString('hex'));
  const number = planted.number('device.number');
  const sends = { account: 'AB12', receiver: 'dc09', key, number };
  await ask(scene, 'POST', '/devices', { model: 'generic-pendant', residentIds: [resident.id], ...sends });
  await ask(scene, 'POST', '/devices', { model: 'generic-pendant', ...sends }, 409);
  const added = { number: planted.number('added.device.number'), account: 'AB13', newKeyBits: 128 };
  const addresses = await ask<AddressesAdded>(scene, 'POST', `/devices/${id}/addresses`, added);
  planted.keep('made.key', addresses.newKey ?? '');
  await ask(
    scene,
    'POST',
    `/devices/${id}/addresses`,
    { number: planted.number('wrong.number').slice(0, 5), key },
    400,
  );
  await ask(scene, 'GET', `/devices/${id}/addresses`);
  await ask(scene, 'POST', `/devices/${id}/confirm`, {});
  await ask(scene, 'DELETE', `/devices/${id}/addresses/${addresses.items[0]?.id}`);
  const retired = await ask<DeviceCreated>(scene, 'POST', '/devices', { model: 'generic-pendant' });
  planted.keep('retired.password', retired.password);
  const renewed = await ask<DeviceCreated>(scene, 'POST', `/devices/${retired.id}/secret`, {});
  planted.keep('renewed.password', renewed.password);
  const binding = { homeId: home.id, residentIds: [], place: planted.text('binding.place') };
  await ask(scene, 'PUT', `/devices/${retired.id}/binding`, binding);
  await ask(scene, 'GET', `/devices/${retired.id}/bindings`);
  await ask(scene, 'DELETE', `/devices/${retired.id}`);
  const status = { kind: 'hospital', note: planted.text('status.note') };
  await ask(scene, 'PUT', `/residents/${resident.id}/status`, status);
  await ask(scene, 'GET', `/residents/${resident.id}/statuses`);
  const limits = [{ metric: 'spo2', low: Number(planted.keep('limits.low', '87.4193')), high: null }];
  await ask(scene, 'PUT', `/residents/${resident.id}/limits`, { limits });
  await ask(scene, 'GET', `/residents/${resident.id}/limits`);
  await ask(scene, 'GET', `/residents/${resident.id}/observations?metric=spo2`);
  await ask(scene, 'GET', `/residents/${resident.id}/measured`);
  const paths = ['/homes', '/residents', '/devices', '/device-models', '/users', '/session', '/duty'];
  for (const path of [...paths, `/homes/${home.id}`, `/residents/${resident.id}`, `/devices/${id}`]) {
    await ask(scene, 'GET', path);
  }
  await ask(scene, 'GET', `/devices/${id}/frames?text=${planted.word('frames.text')}`);
  await ask(scene, 'GET', `/frames?link=mqtt&text=${planted.word('link-frames.text')}`);
  await ask(scene, 'PUT', '/duty', { on: true, sound: true });
  await ask(scene, 'POST', '/duty/heartbeat', {});
  return { device: { deviceId: id, username, password, mqttUrl }, resident };
}

export async function usePeople({ gateway, planted, answered }: Scene, admin: Operator): Promise<void> {
  const username = planted.word('user.username');
  const user = { username, name: planted.text('user.name'), roles: ['operator'], regions: ['*'] };
  const made = await admin.post<UserCreated>('/users', user);
  answered.push('POST /api/v1/users', 'POST /api/v1/session', 'DELETE /api/v1/session');
  const password = planted.keep('user.password', made.password ?? '');
  const operator = await logIn(gateway, { username, password });
  expect((await operator.ask('DELETE', '/session')).status).toBe(204);
  const chosen = { ...user, username: planted.word('chosen.username'), password: planted.text('chosen.password') };
  await admin.post('/users', chosen);
  await admin.ask('POST', '/users', { ...chosen, name: planted.text('twice.name') });
  for (const wrong of [username, planted.word('nobody.username')]) {
    const attempt = logIn(gateway, { username: wrong, password: planted.text(`wrong.password.${wrong}`) });
    await expect(attempt).rejects.toThrow('401');
  }
}

/** Answers a link of the device that stays. */
export async function speakMqtt({ planted }: Scene, device: Credentials): Promise<DeviceLink> {
  const link = await connectDevice(device, { clientId: planted.text('client.id') });
  const own = `zj/v1/${device.deviceId}`;
  const location = { lat: Number(planted.keep('alarm.lat', '31.2197351')), lon: 121.5 };
  const alarm = { text: planted.text('alarm.text'), zone: planted.text('alarm.zone'), location };
  await link.press({ type: 'sos', at: Date.now(), ...alarm });
  await link.press({ type: planted.word('alarm.type'), of: planted.word('alarm.of'), id: planted.word('alarm.id') });
  await link.press(`{"type":"sos","text":"${planted.text('half.json')}`);
  await link.press(Buffer.concat([Buffer.of(0xff, 0xfe, 0), Buffer.from(planted.text('binary'))]));
  await link.press(`${planted.text('oversized')}${'x'.repeat(70_000)}`);
  const reading = {
    metric: planted.word('vitals.metric'),
    unit: planted.word('vitals.unit'),
    value: planted.word('value'),
  };
  await link.publish(`${own}/vitals`, { readings: [reading, { metric: 'spo2', value: 97 }] });
  await link.publish(`${own}/vitals`, planted.text('vitals.garbage'));
  await link.publish(`${own}/status`, { firmware: planted.word('firmware'), batteryPct: planted.word('battery') });
  await link.publish(`${own}/feedback`, planted.text('down'));
  await link.publish(`zj/v1/${planted.text('foreign.name')}/alarm`, { type: 'sos' });
  await link.publish(`${planted.text('topic')}/x`, planted.text('topic.payload'));
  await link.subscribe(`${own}/feedback`);
  await link.subscribe(planted.text('filter'));

  const will = { topic: `${own}/alarm`, payload: Buffer.from(planted.text('will')), qos: 1, retain: false } as const;
  const stranger = { ...device, username: planted.text('stranger'), password: planted.text('stranger.password') };
  const strange = await connectDevice(stranger, { will });
  await strange.press({ type: 'fall', text: planted.text('stranger.text') });
  strange.cut();
  const impostor = await connectDevice({ ...device, password: planted.text('wrong.secret') }, { clientId: '' });
  await impostor.publish(`${own}/vitals`, planted.text('impostor.vitals'));
  impostor.socket.write(Buffer.concat([Buffer.of(0x3f, 0x7f), Buffer.from(planted.text('raw.garbage'))]));
  const { hostname, port } = new URL(device.mqttUrl);
  connect(Number(port), hostname)
    .on('error', () => undefined)
    .end(planted.text('no.mqtt'));
  return link;
}

export async function workIncidents(scene: Scene, resident: Resident): Promise<void> {
  const { planted, admin, gateway } = scene;
  const byHand = {
    type: 'sos',
    source: 'phone',
    text: planted.text('hand.text'),
    callerNumber: planted.number('hand.caller'),
  };
  await ask(scene, 'POST', '/incidents', byHand);
  await ask(scene, 'POST', '/incidents', { ...byHand, residentId: resident.id });
  const { items } = await admin.list('state=all');
  const id = items.find(({ residentId, type }) => residentId === resident.id && type === 'sos')?.id ?? '';
  const at = new Date().toISOString();
  const act = (name: string, body: object, status = 2) => ask(scene, 'POST', `/incidents/${id}/${name}`, body, status);
  await act('claim', {});
  await act('note', { text: planted.text('note.text') });
  await act('call', { number: planted.number('call.number'), result: 'no-answer' });
  await act('call', { contactId: resident.contacts[0]?.id, result: 'answered' });
  await act('contact', { kind: 'spoke-with-person', text: planted.text('contact.text') });
  await act('seen', { received: at, painted: at, sounded: at });
  await act('release', {});
  await act('resolve', { outcome: 'helped', text: planted.text('refused.text') }, 422);
  const seenBy = { contact: 'seen-by', name: planted.text('seen-by.name'), text: planted.text('resolve.text') };
  await act('resolve', { outcome: 'helped', ...seenBy });
  await act('reopen', {});
  await act('note', { text: planted.text('key.text') });
  await admin.tryTo(id, 'note', { text: 'x' }, { 'idempotency-key': planted.word('idempotency') });
  await ask(scene, 'GET', `/incidents/${id}`);
  await ask(scene, 'GET', '/incidents?state=all');
  await ask(scene, 'GET', `/residents/${resident.id}/incidents?from=2026-01-01T00:00:00Z`);
  for (const key of ['state', 'region', 'cursor'])
    await admin.ask('GET', `/incidents?${key}=${planted.word(`query.${key}`)}`);
  const feed = await admin.listen({ lastEventId: planted.word('last-event-id') });
  await until(() => feed.resets.length > 0, { timeoutMs: 30_000, what: 'a reset' });
  scene.answered.push('GET /api/v1/events', 'GET /healthz', 'GET /readyz', 'GET /metrics');
  for (const path of ['/healthz', '/metrics', `/readyz?${planted.word('readyz')}`]) await fetch(gateway.httpUrl + path);
}

export async function askBadly({ gateway, planted, admin }: Scene, resident: Resident): Promise<void> {
  const nul = `\0${planted.text('nul')}`;
  const bodies: readonly [string, unknown][] = [
    ['/residents', { name: planted.text('bad.name'), homeId: 'no-such-home' }],
    ['/residents', { name: nul, region: 'city' }],
    ['/residents', { id: resident.id, name: planted.text('taken.name'), region: 'city' }],
    ['/residents', { name: planted.text('wrong.type'), number: planted.text('bad.number'), health: 7 }],
    ['/residents', { name: { text: planted.text('nested') }, [planted.word('bad.key')]: 1 }],
    [`/residents/${resident.id}/contacts`, { name: planted.text('c.name'), number: '0', note: nul }],
    [`/residents/${planted.word('no.resident')}/contacts`, { name: planted.text('c2'), number: '+8613800000000' }],
    ['/homes', { address: 'x'.repeat(300) + planted.text('long.address'), region: null }],
    ['/devices', { model: planted.word('bad.model'), place: planted.text('bad.place') }],
    ['/incidents', { type: planted.word('bad.type'), source: 'phone', text: planted.text('bad.text') }],
    ['/session', { username: planted.text('bad.username'), password: planted.text('bad.password') }],
  ];
  for (const [path, body] of bodies) expect((await admin.ask('POST', path, body)).status).toBeGreaterThanOrEqual(400);
  await admin.ask('GET', `/residents/${planted.word('path')}`);
  const raw = async (path: string, init: RequestInit): Promise<void> => {
    expect((await fetch(gateway.httpUrl + path, init)).status).toBeGreaterThanOrEqual(400);
  };
  const json = { 'content-type': 'application/json' };
  await raw('/api/v1/session', { method: 'POST', headers: json, body: `{"username":"${planted.text('half.body')}` });
  await raw('/api/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: planted.text('plain'),
  });
  await raw('/api/v1/session', { method: 'POST', headers: json, body: planted.text('big').repeat(10_000) });
  await raw(
    `/${planted.word('url')}/${encodeURIComponent(planted.text('url.text'))}?a=${planted.word('url.query')}`,
    {},
  );
  await raw('/api/v1/%zz%00', {});
  const forged = { cookie: `zj_session=${planted.word('cookie')}`, 'x-csrf': planted.word('csrf') };
  await raw('/api/v1/incidents', { headers: { ...forged, 'user-agent': planted.word('user-agent') } });
  await raw('/api/v1/incidents', { headers: { authorization: `Bearer ${planted.word('bearer')}` } });
}
