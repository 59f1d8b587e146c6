import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { IncidentPage } from '../../gateway/api/contract/incident.ts';
import { startGateway } from '../harness/gateway.ts';
import { until } from '../harness/until.ts';
import { connectDevice } from './world/device.ts';
import { addDevice, localClient } from './world/register.ts';

/** Undecided when the other presses; one after the other they take many seconds. */
const FLOOD = 1000;
/**
 * From the acknowledgement to the open incident. It takes some 20 ms on a machine that has nothing else to do; on one that has,
 * still less than a quarter of what the flood takes: behind the half of it that is there already it would take half of that.
 */
const LIMIT_MS = 2500;

test.each([
  ['one stuck button', {}, (deviceId: string) => deviceId],
  ['a stranger of many names', { username: '', password: Buffer.alloc(0) }, (_id: string, n: number) => `name-${n}`],
])('a flood from %s keeps nobody else waiting, and none of it is lost', async (_who, hello, nameOf) => {
  const gateway = await startGateway();
  const [flooder, other] = [await addDevice(gateway), await addDevice(gateway)];
  const client = localClient(gateway);
  const [flood, press] = [await connectDevice(flooder, hello), await connectDevice(other)];
  const floodedAt = performance.now();
  const sent = Array.from({ length: FLOOD }, (_, n) =>
    flood.publish(`zj/v1/${nameOf(flooder.deviceId, n)}/alarm`, { type: 'sos', text: `${n}` }),
  );
  await sent[FLOOD / 2];

  const pressedAt = performance.now();
  expect(await press.press()).toBe(true);
  const isOpen = async (): Promise<boolean> => {
    const { items } = await client.request<IncidentPage>('GET', '/incidents');
    return items.some(({ deviceId }) => deviceId === other.deviceId);
  };
  await until(isOpen, { timeoutMs: 60_000, what: 'the incident of the other', everyMs: 20 });
  const waitedMs = performance.now() - pressedAt;

  expect((await Promise.all(sent)).every(Boolean)).toBe(true);
  const countPresses = async (): Promise<number> => {
    const { items } = await client.request<IncidentPage>('GET', '/incidents');
    // What the gateway raises about itself is of no device.
    return items.reduce((sum, { presses, deviceId }) => sum + (deviceId === null ? 0 : presses), 0);
  };
  await until(async () => (await countPresses()) >= FLOOD + 1, {
    timeoutMs: 90_000,
    what: 'every press',
    everyMs: 500,
  });
  expect(waitedMs).toBeLessThan(Math.max(LIMIT_MS, (performance.now() - floodedAt) / 4));
  await delay(500);
  expect(await countPresses()).toBe(FLOOD + 1);
});
