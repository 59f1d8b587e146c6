import { expect, test } from 'vitest';
import { startGateway } from '../harness/gateway.ts';
import { createDatabase } from '../harness/postgres.ts';
import { createRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { connectDevice, type Credentials } from './world/device.ts';
import { logInAsAdmin, type Operator } from './world/operator.ts';
import { addDevice } from './world/register.ts';

const METRICS = ['heart-rate', 'spo2', 'temperature'] as const;

/** What was measured within fifty minutes until now. */
let lastAt = Date.now() - 50 * 60_000;

function nextAt(everyMs: number): number {
  lastAt += everyMs;
  return lastAt;
}

/** Messages of a wearable of three metrics; `quality` as the device tells it. */
async function send(
  device: Credentials,
  count: number,
  traits: Readonly<Record<string, unknown>>,
  everyMs = 5_000,
): Promise<void> {
  const link = await connectDevice(device);
  for (let n = 0; n < count; n += 1) {
    const readings = METRICS.map((metric) => ({ metric, value: metric === 'temperature' ? 36.5 : 95, ...traits }));
    expect(await link.publish(`zj/v1/${device.deviceId}/vitals`, { at: nextAt(everyMs), readings })).toBe(true);
  }
  link.cut();
}

const casesOf = async (operator: Operator, { deviceId }: Credentials) =>
  (await operator.list('state=all')).items.filter((incident) => incident.deviceId === deviceId);

async function caseIn(operator: Operator, device: Credentials, state: string) {
  return until(async () => (await casesOf(operator, device)).find((found) => found.state === state) ?? null, {
    timeoutMs: 30_000,
    what: `a case ${state}`,
  });
}

test('a sensor that sits badly is one technical incident, over restarts and gateways, and good readings close it', async () => {
  const [{ redisUrl }, { databaseUrl }] = [await createRedis(), await createDatabase()];
  const first = await startGateway({ redisUrl, databaseUrl });
  const admin = await logInAsAdmin(first);
  const device = await addDevice(first, { name: 'Wang', model: 'generic-wearable' });
  await send(device, 4, { worn: false });
  await send(device, 1, {});
  await send(device, 4, { quality: 'poor' });
  expect(await casesOf(admin, device)).toEqual([]);
  await send(device, 60, { worn: false });
  const loose = await caseIn(admin, device, 'open');
  expect(loose).toMatchObject({ type: 'sensor-loose', priority: 4, presses: 1 });

  // Another gateway on the same Redis and PostgreSQL, to which the device moves; then a start anew.
  const second = await startGateway({ redisUrl, databaseUrl, env: { ZHUJI_GATEWAY_ID: 'second' } });
  await send({ ...device, mqttUrl: second.mqttUrl }, 20, { quality: 'none' });
  await first.kill9();
  const again = await startGateway({ redisUrl, databaseUrl, dataDir: first.dataDir });
  const operator = await logInAsAdmin(again);
  await send({ ...device, mqttUrl: second.mqttUrl }, 20, { worn: false });
  // A key behind all these, so that they have been dispatched.
  const link = await connectDevice({ ...device, mqttUrl: again.mqttUrl });
  await link.press();
  await until(async () => (await casesOf(operator, device)).some(({ type }) => type === 'sos'), {
    timeoutMs: 30_000,
    what: 'the press',
  });
  const all = await casesOf(operator, device);
  expect(all.filter(({ type }) => type === 'sensor-loose')).toMatchObject([
    { id: loose.id, state: 'open', presses: 1 },
  ]);

  // The gateway that was started anew has seen nothing of it but the open case.
  await send({ ...device, mqttUrl: again.mqttUrl }, 5, {}, 8 * 60_000);
  expect(await caseIn(operator, device, 'resolved')).toMatchObject({ id: loose.id, type: 'sensor-loose' });

  // A contact that comes and goes all night is no second one.
  await send({ ...device, mqttUrl: again.mqttUrl }, 10, { worn: false });
  const { id: pressed } = (await casesOf(operator, device)).find(({ type }) => type === 'sos') ?? {};
  const newLink = await connectDevice({ ...device, mqttUrl: again.mqttUrl });
  await newLink.press({ type: 'fall' });
  await until(async () => (await operator.detail(pressed ?? '')).presses === 2, {
    timeoutMs: 30_000,
    what: 'the second press',
  });
  const loosened = (await casesOf(operator, device)).filter(({ type }) => type === 'sensor-loose');
  expect(loosened).toMatchObject([{ id: loose.id, state: 'resolved' }]);
});
