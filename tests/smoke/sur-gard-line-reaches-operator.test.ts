import { beforeAll, expect, test as always } from 'vitest';
import type { SimulatedReceiver } from '../../devices/simulator/sur-gard-receiver.ts';
import { RESERVED_NAMES } from '../../gateway/serial/read-ports.ts';
import { encodeSurGard } from '../../protocols/sur-gard/encode.ts';
import { DEFAULT_WIDTHS } from '../../protocols/sur-gard/limits.ts';
import { ownRedis } from '../harness/own-servers.ts';
import { ptyPair, type PtyPair } from '../harness/pty-pair.ts';
import { findTool } from '../harness/tools.ts';
import { until } from '../harness/until.ts';
import { keyPress, plugReceiver } from './world/alarm-receiver.ts';
import { startFrontDoor } from './world/front-door.ts';
import { addDevice } from './world/register.ts';
import { countLines, fateOf, openWorld, type World } from './world/world.ts';

const MODEL = 'landline-contact-id';
const SLOW = { timeoutMs: 60_000 } as const;
// Shown as skipped where there is no socat; in CI it fails.
const test = always.skipIf(findTool('socat') === undefined && process.env['CI'] === undefined);

let world: World;
let cable: PtyPair;
let receiver: SimulatedReceiver;
beforeAll(async () => {
  if (findTool('socat') === undefined && process.env['CI'] === undefined) return;
  cable = await ptyPair(null);
  const ports = [`sur-gard:${cable.gatewayPath}?name=north`, 'sur-gard:/dev/zhuji-nothing-is-here?name=west&frame=7E1'];
  world = await openWorld({ env: { ZHUJI_SERIAL: ports.join(',') } });
  receiver = await plugReceiver(cable.devicePath, { heartbeatEveryMs: 2000 });
});

type Ready = {
  readonly checks: Readonly<Record<string, { readonly status: string; readonly detail: string } | undefined>>;
};

async function readyOf(name: string): Promise<{ readonly status: string; readonly detail: string }> {
  const { checks } = (await (await fetch(`${world.gateway.httpUrl}/readyz`)).json()) as Ready;
  return checks[name] ?? { status: 'missing', detail: '' };
}

test('a press rings with the person of the account', async () => {
  const device = await addDevice(world.gateway, { model: MODEL, name: '周奶奶', sends: { account: '1001' } });
  await receiver.say(keyPress('1001'));
  const { incident } = await fateOf(world.feed, device.deviceId, 'opened');
  expect(incident).toMatchObject({ type: 'sos', priority: 1, residentId: device.residentId, flags: [], ringing: true });
  expect((await readyOf('north')).status).toBe('ok');
});

test('a line that is sent again is one incident and one press', async () => {
  const { deviceId } = await addDevice(world.gateway, { model: MODEL, sends: { account: '1002' } });
  const frame = encodeSurGard(keyPress('1002'), DEFAULT_WIDTHS);
  await receiver.disturb(Buffer.concat([frame, frame]));
  await fateOf(world.feed, deviceId, 'opened');
  await receiver.say(keyPress('1003'));
  const { incident } = await fateOf(world.feed, 'north-1003', 'opened');
  expect(incident).toMatchObject({ type: 'sos', ringing: true, flags: expect.arrayContaining(['unregistered']) });
  const [mine] = world.feed.incidents.filter(({ incident: { deviceId: of } }) => of === deviceId);
  expect(await countLines(world.operator, mine?.incident.id ?? '')).toMatchObject({ opened: 1 });
  expect(await world.operator.detail(mine?.incident.id ?? '')).toMatchObject({ presses: 1 });
});

test('garbage has no answer, and the next good frame has its own', async () => {
  const { deviceId } = await addDevice(world.gateway, { model: MODEL, sends: { account: '1004' } });
  const { strays } = receiver.counters;
  const spoilt = encodeSurGard(keyPress('1005'), DEFAULT_WIDTHS);
  spoilt[9] = 0x80 | (spoilt[9] ?? 0);
  for (const bytes of [Buffer.from('\x06\x15\xff garbage\x14', 'latin1'), spoilt, Buffer.alloc(2000, 'x')]) {
    await receiver.disturb(bytes);
  }
  await receiver.disturb(Uint8Array.of(0x14));
  await receiver.say(keyPress('1004'));
  await fateOf(world.feed, deviceId, 'opened');
  // One answer too many would have come before that of this one, or instead of it.
  await receiver.say(keyPress('1004', '400'));
  expect(receiver.counters.strays).toBe(strays);
  expect(world.feed.incidents.filter(({ incident }) => incident.deviceId === 'north-1005')).toEqual([]);
});

test('a code without a meaning rings as unknown, a test and an opening ring nobody', async () => {
  await receiver.say(keyPress('1006', '400'));
  await receiver.say(keyPress('1006', '602'));
  await receiver.say(keyPress('1007', '999'));
  const { incident } = await fateOf(world.feed, 'north-1007', 'opened');
  expect(incident).toMatchObject({ type: 'unknown', priority: 1, ringing: true });
  expect(world.feed.incidents.filter(({ incident: { deviceId } }) => deviceId === 'north-1006')).toEqual([]);
});

test('pulled in the middle of a frame and plugged in again: it is told, the rest is heard, no two halves are one', async () => {
  const { deviceId } = await addDevice(world.gateway, { model: MODEL, sends: { account: '1008' } });
  await receiver.disturb(encodeSurGard(keyPress('1009'), DEFAULT_WIDTHS).subarray(0, 12));
  await cable.unplug();
  await until(async () => (await readyOf('north')).status === 'degraded', { ...SLOW, what: 'the gateway to notice' });
  const said = receiver.say(keyPress('1008'));
  await cable.plug();
  await said;
  await fateOf(world.feed, deviceId, 'opened');
  expect((await readyOf('north')).status).toBe('ok');
  expect(world.feed.incidents.filter(({ incident }) => incident.deviceId === 'north-1009')).toEqual([]);
});

test('no port may be called as another check of the gateway is', async () => {
  const { checks } = (await (await fetch(`${world.gateway.httpUrl}/readyz`)).json()) as Ready;
  expect([...RESERVED_NAMES, 'north', 'west']).toEqual(expect.arrayContaining(Object.keys(checks)));
});

test('a port that is not there fails no start: it is degraded, and a technical incident', async () => {
  expect(await readyOf('west')).toMatchObject({ status: 'degraded', detail: expect.stringContaining('not-there') });
  const system = (): string[] => {
    const told = world.feed.incidents.filter(
      ({ entry, incident }) => entry.type === 'opened' && incident.type === 'system',
    );
    return told.map(({ incident }) => incident.id);
  };
  const zones = async (): Promise<(string | null)[]> =>
    (await Promise.all(system().map((id) => world.operator.detail(id)))).flatMap(({ alarms }) =>
      alarms.map(({ zone }) => zone),
    );
  await until(async () => (await zones()).includes('part-down:west'), { ...SLOW, what: 'an incident about the port' });
});

test('with Redis frozen and the journal held back there is no 0x06 until the alarm is on disk', async (context) => {
  const heldMs = 1500;
  const [redis, line] = [await ownRedis(), await ptyPair(context)];
  await startFrontDoor(redis.redisUrl, { syncsAfterMs: heldMs }, line.gatewayPath);
  redis.freeze();
  const frozen = await plugReceiver(line.devicePath, { answerWithinMs: 30_000, heartbeatEveryMs: 600_000 });
  await until(() => frozen.counters.beatsHeard === 1, { ...SLOW, what: 'the answer to a heartbeat' });
  const began = performance.now();
  await frozen.say(keyPress('1010'));
  expect(performance.now() - began).toBeGreaterThanOrEqual(heldMs);
});
