import { expect, test } from 'vitest';
import { startGateway } from '../harness/gateway.ts';
import { createDatabase } from '../harness/postgres.ts';
import { createRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { connectDevice, type DeviceLink } from './world/device.ts';
import { logInAsAdmin } from './world/operator.ts';
import { addDevice } from './world/register.ts';

const stagesOf = ({ messages }: DeviceLink): unknown[] =>
  messages.map(({ payload }) => (JSON.parse(payload) as { readonly stage: string }).stage);

test('a device hears what was done for it while its gateway was down, once it is back, and nothing twice', async () => {
  const [{ redisUrl }, { databaseUrl }] = [await createRedis(), await createDatabase()];
  const first = await startGateway({ redisUrl, databaseUrl, env: { ZHUJI_GATEWAY_ID: 'g1' } });
  const device = await addDevice(first, { name: '王' });
  const feedback = `zj/v1/${device.deviceId}/feedback`;
  const before = await connectDevice(device);
  await before.subscribe(feedback);
  await before.press({ type: 'sos', id: '1' });
  await until(() => stagesOf(before).includes('received'), { timeoutMs: 30_000, what: 'the answer to the press' });
  await first.kill9();

  const other = await startGateway({ redisUrl, databaseUrl, env: { ZHUJI_GATEWAY_ID: 'g2' } });
  const admin = await logInAsAdmin(other);
  // With nobody logged in the gateway opens a case about itself too.
  const incident = (await admin.list()).items.find(({ deviceId }) => deviceId === device.deviceId);
  await admin.act(incident?.id ?? '', 'claim', {});

  const options = { redisUrl, databaseUrl, dataDir: first.dataDir, env: { ZHUJI_GATEWAY_ID: 'g1' } };
  const second = await startGateway(options);
  const after = await connectDevice({ ...device, mqttUrl: second.mqttUrl });
  await until(() => second.stderr().includes('feedback that fell due'), { timeoutMs: 30_000, what: 'the look back' });
  expect(after.messages).toEqual([]);
  await after.subscribe(feedback);
  await until(() => stagesOf(after).length > 0, { timeoutMs: 30_000, what: 'the news' });
  await admin.act(incident?.id ?? '', 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
  await until(() => stagesOf(after).includes('resolved'), { timeoutMs: 30_000, what: 'the end' });
  expect(stagesOf(after)).toEqual(['claimed', 'resolved']);
});
