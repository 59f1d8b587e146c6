import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { afterwards } from '../harness/cleanup.ts';
import type { TestGateway } from '../harness/gateway.ts';
import { until } from '../harness/until.ts';
import { connectDevice, type Credentials, type DeviceLink } from './world/device.ts';
import { countByText, loadLedger } from './world/ledger.ts';
import { peakMemoryMib } from './world/memory.ts';
import { keepPressing } from './world/presser.ts';
import { addDevice } from './world/register.ts';
import { openWorld, type World } from './world/world.ts';

/** What is not read must not be kept. An ordinary gateway has needed up to 250 MiB. */
const MOST_MEMORY_MIB = 640;

async function addDevices(gateway: TestGateway, count: number): Promise<Credentials[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => addDevice(gateway, { id: `d${n}` })));
}

async function listenAs(device: Credentials, clientId = 'listener'): Promise<DeviceLink> {
  const link = await connectDevice(device, { clientId });
  expect(await link.subscribe(`zj/v1/${device.deviceId}/feedback`)).toBe(1);
  return link;
}

/** Every acknowledged alarm is in exactly one incident, and the operator's feed told of it. */
async function expectAllShown({ gateway, feed }: World, acked: readonly string[]): Promise<void> {
  const counts = await countByText(gateway, acked, 30_000);
  expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
  const alarmIds = (await loadLedger(gateway)).map(({ alarm }) => alarm.id);
  const isShown = (): boolean => {
    const told = new Set(feed.incidents.map(({ entry }) => entry.data['alarmId']));
    return alarmIds.every((id) => told.has(id));
  };
  await until(isShown, { timeoutMs: 30_000, what: 'every alarm to be on the feed' });
}

/** What makes the gateway answer most: one byte for each of these filters. */
const GREEDY = generate({
  cmd: 'subscribe',
  messageId: 1,
  subscriptions: Array.from({ length: 600 }, (_, n) => ({ topic: n.toString(36).padStart(2, '-'), qos: 1 })),
});

/** Between presses: until kernel and gateway are full of answers a slow machine takes a minute, and each press is looked up. */
const PAUSE_MS = 200;

test('a device that stops reading is cut, and holds up nobody', async () => {
  const world = await openWorld();
  const { gateway } = world;
  const [silent, ...others] = await addDevices(gateway, 6);
  if (silent === undefined) throw new Error('No device');
  const [stalled, ...listening] = [
    await listenAs(silent),
    ...(await Promise.all(others.map((device) => listenAs(device)))),
  ];
  stalled.stall();
  const pressers = others.map((device) => keepPressing(device, PAUSE_MS));
  // It will never read its PUBACK; the alarm is one all the same.
  void stalled.press({ type: 'sos', text: 'from the stalled one' });

  const flood = Buffer.concat(Array.from({ length: 100 }, () => GREEDY));
  const floodOn = async (): Promise<boolean> => {
    if (stalled.socket.writableLength === 0) stalled.socket.write(flood);
    return gateway.stderr().includes('"reason":"not-reading"');
  };
  await until(floodOn, { timeoutMs: 120_000, what: 'the stalled device to be cut', everyMs: 1 });
  await Promise.all(pressers.map((presser) => presser.stop()));
  await expectAllShown(world, [...pressers.flatMap(({ acked }) => [...acked]), 'from the stalled one']);
  const receipts = () => listening.flatMap(({ messages }) => messages).length;
  const presses = pressers.reduce((sum, { acked }) => sum + acked.size, 0);
  await until(() => receipts() >= presses, { timeoutMs: 60_000, what: 'a receipt for each press' });
  expect(peakMemoryMib(gateway.pid)).toBeLessThan(MOST_MEMORY_MIB);
  expect((await gateway.stop()).code).toBe(0);
});

/** A console's event stream, opened and then not read. */
async function openStalledFeed(gateway: TestGateway): Promise<IncomingMessage> {
  const request = get({ socketPath: gateway.socketPath, path: '/api/v1/events' });
  afterwards(() => void request.destroy());
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.pause();
  return response;
}

const THOUSAND = 1000;

test('subscribers that leave amid a thousand publishes and a screen that stopped reading hold up nobody', async () => {
  const world = await openWorld();
  const { gateway } = world;
  await openStalledFeed(gateway);
  const devices = await addDevices(gateway, 10);
  const listening = await Promise.all([...devices, ...devices].map((device, n) => listenAs(device, `l${n}`)));
  const links = await Promise.all(devices.map((device) => connectDevice(device)));
  const acked: string[] = [];
  const presses = links.flatMap((link, line) =>
    Array.from({ length: THOUSAND / links.length }, async (_, n) => {
      const text = `press ${line} ${n}`;
      if (await link.press({ type: 'sos', text })) acked.push(text);
      // In the middle of it, at different moments.
      if (n === 10 + 3 * line) for (const left of listening.splice(0, 2)) left.cut();
    }),
  );
  await Promise.all(presses);
  expect(acked).toHaveLength(THOUSAND);
  await expectAllShown(world, acked);
  const isEnded = () => gateway.stderr().includes('"reason":"unread"');
  await until(isEnded, { timeoutMs: 60_000, what: 'the stalled screen to be ended' });
  expect(peakMemoryMib(gateway.pid)).toBeLessThan(MOST_MEMORY_MIB);
  expect((await gateway.stop()).code).toBe(0);
});
