import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { encodeDc09Event } from '../../protocols/sia-dc09/encode.ts';
import { afterwards } from '../harness/cleanup.ts';
import { ownRedis } from '../harness/own-servers.ts';
import { until } from '../harness/until.ts';
import { startFrontDoor } from './world/front-door.ts';
import { dc09PortOf, openPanel } from './world/panel.ts';
import { addDevice } from './world/register.ts';
import { countLines, fateOf, openWorld, type World } from './world/world.ts';

const MODEL = 'ip-hub';

let world: World;
let port: number;
beforeAll(async () => {
  world = await openWorld({ env: { ZHUJI_DC09_PORT: '0' } });
  port = dc09PortOf(world.gateway);
});

test.each(['tcp', 'udp'] as const)('a press over %s rings with the person of the account', async (transport) => {
  const account = transport === 'tcp' ? '1001' : '1002';
  const device = await addDevice(world.gateway, { model: MODEL, name: '周奶奶', sends: { account } });
  expect(await openPanel(port, { account, transport }).press()).toMatchObject({ token: 'ACK' });
  const { incident } = await fateOf(world.feed, device.deviceId, 'opened');
  expect(incident).toMatchObject({ type: 'sos', priority: 1, residentId: device.residentId, flags: [], ringing: true });
});

test('a frame that is sent again is one incident, and the next press rings', async () => {
  const { deviceId } = await addDevice(world.gateway, { model: MODEL, sends: { account: '1003' } });
  const panel = openPanel(port, { account: '1003' });
  await panel.press({ sequence: 7 });
  const { incident } = await fateOf(world.feed, deviceId, 'opened');
  // Its acknowledgement was lost: the same number, another connection, another time of sending.
  panel.cut();
  await panel.press({ sequence: 7, clockOffMs: 15_000 });
  expect((await fateOf(world.feed, deviceId, 'repeated')).incident).toMatchObject({ id: incident.id, presses: 1 });
  await panel.press({ sequence: 8 });
  expect((await fateOf(world.feed, deviceId, 'joined')).incident).toMatchObject({ id: incident.id, presses: 2 });
  expect(await countLines(world.operator, incident.id)).toMatchObject({ opened: 1, repeated: 1, joined: 1 });
});

test('garbage and a wrong CRC have no answer, while others on the same port are heard', async () => {
  const { deviceId } = await addDevice(world.gateway, { model: MODEL, sends: { account: '1004' } });
  const socket = connect(port, '127.0.0.1');
  afterwards(() => void socket.destroy());
  let answers = '';
  socket.on('data', (chunk: Buffer) => {
    answers += chunk.toString('latin1');
  });
  await once(socket, 'connect');
  const event = { line: '0', account: '1005', xdata: [], crcStyle: 'hex' } as const;
  const spoilt = encodeDc09Event({ ...event, token: 'SIA-DCS', sequence: 1, data: '#1005|Nri1/QA01' });
  spoilt[20] = (spoilt[20] ?? 0) ^ 1;
  socket.write(Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n\r\n\n\n\xff\x00', 'latin1'), spoilt]));
  expect(await openPanel(port, { account: '1004' }).press()).toMatchObject({ token: 'ACK' });
  await fateOf(world.feed, deviceId, 'opened');
  // What is taken in its order is answered in its turn: nothing before this was.
  socket.write(encodeDc09Event({ ...event, token: 'NULL', sequence: 0, data: '' }));
  await until(() => answers.includes('\r'), { timeoutMs: 30_000, what: 'an answer' });
  expect(answers).toMatch(/^\n[0-9A-F]{8}"ACK"0000L0#1005\[\]\r$/);
  expect(world.feed.incidents.filter(({ incident }) => incident.deviceId === 'dc09-1005')).toEqual([]);
});

test('an account with a key is proven by it and answered under it; in clear it rings unproven', async () => {
  const { deviceId, newKey } = await world.gateway.zhujiJson<{ readonly deviceId: string; readonly newKey: string }>(
    ...['device', 'add', '--model', MODEL, '--account', '1006', '--new-key', '256'],
  );
  const secret = openPanel(port, { account: '1006', key: newKey });
  expect(await secret.press()).toMatchObject({ token: 'ACK', isEncrypted: true });
  const proven = await fateOf(world.feed, deviceId, 'opened');
  expect(proven.incident.flags).not.toContain('unverified');
  expect(await openPanel(port, { account: '1006' }).press()).toMatchObject({ token: 'ACK', isEncrypted: false });
  const unproven = await world.feed.until(
    ({ entry, incident }) =>
      entry.type === 'opened' &&
      incident.deviceId === deviceId &&
      incident.id !== proven.incident.id &&
      incident.type === 'sos',
    'the press in clear',
  );
  expect(unproven.incident.flags).toContain('unverified');
});

test('an account that nobody registered rings, and so does a code that we have no word for', async () => {
  const panel = openPanel(port, { account: '1007' });
  expect(await panel.press()).toMatchObject({ token: 'ACK' });
  const stranger = await fateOf(world.feed, 'dc09-1007', 'opened');
  expect(stranger.incident).toMatchObject({
    type: 'sos',
    ringing: true,
    flags: expect.arrayContaining(['unregistered']),
  });
  const { deviceId } = await addDevice(world.gateway, { model: MODEL, sends: { account: '1008' } });
  expect(await openPanel(port, { account: '1008' }).send('ADM-CID', '1999 01 001')).toMatchObject({ token: 'ACK' });
  const { incident } = await fateOf(world.feed, deviceId, 'opened');
  expect(incident).toMatchObject({ type: 'unknown', priority: 1, ringing: true });
});

test('NULL is acknowledged and a sign of life, and nothing rings', async () => {
  const { deviceId } = await addDevice(world.gateway, { model: MODEL, sends: { account: '1009' } });
  const contactOf = async (): Promise<string | null> =>
    (await world.admin.get<{ readonly lastContactAt: string | null }>(`/devices/${deviceId}`)).lastContactAt;
  expect(await contactOf()).toBeNull();
  expect(await openPanel(port, { account: '1009' }).poll()).toMatchObject({ token: 'ACK', sequence: 0 });
  expect(await contactOf()).not.toBeNull();
  expect(world.feed.incidents.filter(({ incident }) => incident.deviceId === deviceId)).toEqual([]);
});

test('with Redis frozen and the journal held back there is no acknowledgement until the alarm is on disk', async () => {
  const heldMs = 1500;
  const redis = await ownRedis();
  const door = await startFrontDoor(redis.redisUrl, { syncsAfterMs: heldMs });
  redis.freeze();
  for (const transport of ['tcp', 'udp'] as const) {
    const panel = openPanel(door.dc09Port, { account: '1010', transport, timing: { retryMs: 500 } });
    const began = performance.now();
    const { token, tries } = await panel.press();
    expect(performance.now() - began).toBeGreaterThanOrEqual(heldMs);
    expect(token).toBe('ACK');
    // It asked again meanwhile, and was not told anything.
    expect(tries).toBeGreaterThan(1);
  }
});
