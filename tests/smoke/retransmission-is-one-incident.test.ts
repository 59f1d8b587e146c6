import { beforeAll, describe, expect, test } from 'vitest';
import { startGateway } from '../harness/gateway.ts';
import type { Credentials } from './world/device.ts';
import type { FeedItem } from './world/feed.ts';
import { logInAsAdmin, type Operator } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';
import { timeMachine, type TimeMachine } from './world/time-machine.ts';
import { countLines, openWorld, pressAndSee, type World } from './world/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What a device that keeps its alarms sends: its own counter and its own clock. */
function press(id: string, at: number | string = new Date(time.nowMs()).toISOString()) {
  return { type: 'sos', id, at };
}

let time: TimeMachine;
let world: World;
beforeAll(async () => {
  time = await timeMachine('wall');
  world = await openWorld({ env: time.env });
});

async function listCasesOf(operator: Operator, { deviceId }: Credentials) {
  return (await operator.list('state=all')).items.filter((incident) => incident.deviceId === deviceId);
}

describe('the same id and time on a new connection', () => {
  test.each([
    { qos: 0, dup: false },
    { qos: 1, dup: false },
    { qos: 1, dup: true },
    { qos: 2, dup: false },
    { qos: 2, dup: true },
  ] as const)('is acknowledged and rings nobody twice: QoS $qos, DUP $dup', async ({ qos, dup }) => {
    const { gateway, operator, feed } = world;
    const device = await addDevice(gateway, { name: '徐大爷' });
    const message = press('7');
    const first = await pressAndSee(feed, device, message, { qos });
    expect(first).toMatchObject({ entry: { type: 'opened' }, incident: { presses: 1, flags: [] } });
    for (let turn = 0; turn < 3; turn += 1) {
      const again = await pressAndSee(feed, device, message, { qos, dup });
      expect(again).toMatchObject({ entry: { type: 'repeated' }, incident: { id: first.incident.id, presses: 1 } });
    }
    const counts = await countLines(operator, first.incident.id);
    expect(counts).toMatchObject({ opened: 1, pressed: 1, received: 1, repeated: 3 });
    const { alarms, log } = await operator.detail(first.incident.id);
    expect(alarms).toHaveLength(1);
    // It rang because it opened, and because nobody took it; not because it was sent again.
    expect(log.filter(({ type }) => type === 'rang').map(({ data }) => data['reason'])).not.toContain('pressed-again');
  });

  test('is known by what is inside: another message id, client id, order of fields or battery does not matter', async () => {
    const { gateway, feed } = world;
    const device = await addDevice(gateway, { name: '徐大爷' });
    const at = time.nowMs();
    const first = await pressAndSee(feed, device, { type: 'sos', id: '8', at, batteryPct: 40 });
    const others = [
      [{ at: new Date(at).toISOString(), id: '8', type: 'sos' }, {}],
      [
        { type: 'sos', id: '8', at, batteryPct: 39 },
        { clientId: 'after-a-restart', messageId: 99 },
      ],
    ] as const;
    for (const [message, options] of others) {
      const again = await pressAndSee(feed, device, message, options);
      expect(again).toMatchObject({ entry: { type: 'repeated' }, incident: { id: first.incident.id, presses: 1 } });
    }
  });

  test('is another cry from another device of the same person', async () => {
    const { gateway, admin, feed } = world;
    const one = await addDevice(gateway, { name: '徐大爷' });
    const two = await admin.post<{ id: string; username: string; password: string }>('/devices', {
      model: 'generic-wearable',
      residentIds: [one.residentId],
    });
    const message = press('1');
    const first = await pressAndSee(feed, one, message);
    const second = await pressAndSee(feed, { ...two, deviceId: two.id, mqttUrl: one.mqttUrl }, message);
    expect(second).toMatchObject({ entry: { type: 'joined' }, incident: { id: first.incident.id, presses: 2 } });
  });
});

describe('the same id and time once more', () => {
  async function pressed() {
    const device = await addDevice(world.gateway, { name: '徐大爷' });
    const message = press('7');
    const first = await pressAndSee(world.feed, device, message);
    return { device, message, first };
  }

  test('is a repeat seconds and minutes later', async () => {
    const { device, message, first } = await pressed();
    for (const ms of [30_000, 4 * MINUTE, 10 * MINUTE]) {
      await time.fastForward(ms);
      const again = await pressAndSee(world.feed, device, message, { dup: true });
      expect(again).toMatchObject({ entry: { type: 'repeated' }, incident: { id: first.incident.id, presses: 1 } });
    }
  });

  test('is a repeat also after the case was closed: it opens nothing', async () => {
    const { device, message, first } = await pressed();
    const { operator, feed } = world;
    await operator.act(first.incident.id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
    await time.fastForward(10 * MINUTE);
    const again = await pressAndSee(feed, device, message, { dup: true });
    expect(again).toMatchObject({ entry: { type: 'repeated' }, incident: { state: 'resolved', presses: 1 } });
    expect(await listCasesOf(operator, device)).toHaveLength(1);
  });

  test.each([1, 2] as const)(
    'is a repeat after the gateway was killed before the device heard: QoS %i',
    async (qos) => {
      const one = await openWorld({ env: time.env });
      const device = await addDevice(one.gateway, { name: '徐大爷' });
      const message = press('7');
      const first = await pressAndSee(one.feed, device, message, { qos });
      await one.gateway.kill9();
      const { dataDir, redisUrl, databaseUrl } = one.gateway;
      if (redisUrl === undefined || databaseUrl === undefined) throw new Error('This world has servers of the harness');
      const gateway = await startGateway({ dataDir, redisUrl, databaseUrl, env: time.env });
      const admin = await logInAsAdmin(gateway);
      const feed = await admin.listen();
      const moved: Credentials = { ...device, mqttUrl: gateway.mqttUrl };
      for (const dup of [true, false]) {
        const again = await pressAndSee(feed, moved, message, { qos, dup });
        expect(again).toMatchObject({ entry: { type: 'repeated' }, incident: { id: first.incident.id, presses: 1 } });
      }
      expect(await listCasesOf(admin, device)).toHaveLength(1);
    },
  );
});

test('twenty copies at once on as many connections are one incident', async () => {
  const { gateway, operator, feed } = world;
  const device = await addDevice(gateway, { name: '徐大爷' });
  const message = press('7');
  const copies = Array.from({ length: 20 }, (_, n) =>
    pressOnce(device, message, { clientId: `c${n}`, dup: n % 2 === 1 }),
  );
  await Promise.all(copies);
  const mine =
    (type: string) =>
    ({ entry }: FeedItem) =>
      entry.type === type && entry.actor === `device:${device.deviceId}`;
  await feed.until(() => feed.incidents.filter(mine('repeated')).length === 19, 'nineteen repeats');
  expect(feed.incidents.filter(mine('opened'))).toHaveLength(1);
  expect(await listCasesOf(operator, device)).toMatchObject([{ presses: 1 }]);
});

// The last of the file: sessions do not live so long.
test('it is a repeat hours and six days later, and a press when seven days are over', async () => {
  const { gateway } = world;
  const device = await addDevice(gateway, { name: '徐大爷' });
  const message = press('7');
  await pressAndSee(world.feed, device, message);
  for (const [ms, fate] of [
    [5 * HOUR, 'repeated'],
    [6 * 24 * HOUR - 5 * HOUR, 'repeated'],
    [24 * HOUR + MINUTE, 'joined'],
  ] as const) {
    await time.fastForward(ms);
    const feed = await (await logInAsAdmin(gateway)).listen();
    expect(await pressAndSee(feed, device, message, { dup: true })).toMatchObject({ entry: { type: fate } });
  }
});
