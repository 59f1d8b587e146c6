import { expect, test } from 'vitest';
import type { Device } from '../../gateway/api/contract/registry.ts';
import type { IncidentPage } from '../../gateway/api/contract/incident.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { until } from '../harness/until.ts';
import { connectDevice, type Credentials, type DeviceLink } from './world/device.ts';
import { addDevice, localClient } from './world/register.ts';
import { timeMachine, type TimeMachine } from './world/time-machine.ts';

/** Reports every two minutes; silent after three of them and a minute. */
const MODEL = 'generic-home-gateway';
const SILENT_AFTER_S = 420;
/** A gateway that began to hear lets devices come back first. */
const GRACE_S = 300;
/** Less than what counts as having stood still, so that each second of the gateway's clock is one in which it could hear. */
const STEP_S = 25;

async function casesOf(gateway: TestGateway, deviceId: string): Promise<string[]> {
  const { items } = await localClient(gateway).request<IncidentPage>('GET', '/incidents?state=all');
  return items.filter((item) => item.deviceId === deviceId).map(({ type, state }) => `${type} ${state}`);
}

const contactOf = async (gateway: TestGateway, id: string): Promise<string | null> =>
  (await localClient(gateway).request<Device>('GET', `/devices/${id}`)).lastContactAt;

const report = (link: DeviceLink, { deviceId }: Credentials): Promise<boolean> =>
  link.publish(`zj/v1/${deviceId}/status`, { batteryPct: 90 });

/** Between two steps, so that the gateway has a turn in each. Chosen. */
const TURN_MS = 200;

/** Time passes while some of them report; what is acknowledged shows that the gateway has seen the step before. */
async function pass(time: TimeMachine, seconds: number, alive: () => Promise<unknown>): Promise<void> {
  for (let passed = 0; passed < seconds; passed += STEP_S) {
    expect(await alive()).not.toBe(false);
    const isLast = passed + STEP_S >= seconds;
    await time.fastForward(STEP_S * 1000, isLast ? undefined : TURN_MS);
  }
}

test('a silent device is one technical case, also across kill -9, and a sign of life closes it; a heard one has none', async () => {
  const time = await timeMachine('both');
  const first = await startGateway({ env: time.env });
  const client = localClient(first);
  const devices = {
    silent: await addDevice(first, { id: 'silent', name: '王奶奶', model: MODEL }),
    heard: await addDevice(first, { id: 'heard', name: '李爷爷', model: MODEL }),
    away: await addDevice(first, { id: 'away', name: '赵奶奶', model: MODEL }),
    never: await addDevice(first, { id: 'never', name: '钱爷爷', model: MODEL }),
  };
  await client.request('PUT', `/residents/${devices.away.residentId}/status`, { kind: 'hospital' });
  for (const device of [devices.silent, devices.away]) {
    const link = await connectDevice(device);
    await report(link, device);
    link.cut();
  }
  const heard = await connectDevice(devices.heard);
  const lastContactAt = await contactOf(first, 'silent');
  await pass(time, SILENT_AFTER_S - 50, () => report(heard, devices.heard));
  expect(await casesOf(first, 'silent')).toEqual([]);
  await pass(time, 100, () => report(heard, devices.heard));
  await until(async () => (await casesOf(first, 'silent')).length > 0, { timeoutMs: 30_000, what: 'the case' });
  for (const id of ['heard', 'away', 'never']) expect([id, await casesOf(first, id)]).toEqual([id, []]);
  // The last contacts of the living are kept within half a minute.
  const heardAt = await contactOf(first, 'heard');
  await pass(time, 50, () => Promise.resolve());
  await first.kill9();

  const { dataDir, redisUrl = '', databaseUrl = '' } = first;
  const second = await startGateway({ dataDir, redisUrl, databaseUrl, env: time.env });
  const known = async (): Promise<boolean> => (await contactOf(second, 'heard')) !== null;
  await until(known, { timeoutMs: 30_000, what: 'last contacts of the run before' });
  expect(await contactOf(second, 'silent')).toBe(lastContactAt);
  expect(await contactOf(second, 'heard')).toBe(heardAt);
  expect(await contactOf(second, 'never')).toBeNull();
  const heardAgain = await connectDevice({ ...devices.heard, mqttUrl: second.mqttUrl });
  await pass(time, GRACE_S + SILENT_AFTER_S, () => report(heardAgain, devices.heard));
  expect(await casesOf(second, 'silent')).toEqual(['silent open']);

  const back = { ...devices.silent, mqttUrl: second.mqttUrl };
  await report(await connectDevice(back), back);
  const isClosed = async (): Promise<boolean> => (await casesOf(second, 'silent')).join() === 'silent resolved';
  await pass(time, STEP_S, () => Promise.resolve());
  await until(isClosed, { timeoutMs: 30_000, what: 'the end of the case' });
  for (const id of ['heard', 'away', 'never']) expect([id, await casesOf(second, id)]).toEqual([id, []]);
  expect(Date.parse((await contactOf(second, 'silent')) ?? '')).toBeGreaterThan(Date.parse(lastContactAt ?? ''));
});
