import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Resident } from '../../gateway/api/contract/registry.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { createDatabase } from '../harness/postgres.ts';
import { startReceiver, type Received } from '../harness/receiver.ts';
import { createRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import type { Credentials } from './world/device.ts';
import { logInAsAdmin } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { localClient } from './world/register.ts';

const SECRET = 'shared-with-the-receiver';
const soon = (what: string) => ({ timeoutMs: 30_000, what });

/** Her son chose to be told, her former husband must not be, the neighbour was not asked. */
async function addWang(gateway: TestGateway): Promise<{ readonly resident: Resident; readonly device: Credentials }> {
  const client = localClient(gateway);
  const resident = await client.request<Resident>('POST', '/residents', {
    ...{ name: '王秀英', region: 'test-city', address: '新村路 12 弄 3 号' },
    contacts: [
      { name: '王小明', number: '+8613900000001', notice: true, language: '上海话' },
      { name: '前夫', number: '+8613900000002', notice: true, mustNotBeTold: true },
      { name: '邻居', number: '+8613900000003' },
    ],
  });
  const made = await client.request<Credentials & { readonly id: string }>('POST', '/devices', {
    ...{ model: 'generic-one-touch', residentIds: [resident.id] },
  });
  return { resident, device: { ...made, deviceId: made.id } };
}

function sign(body: string, atS = Math.floor(Date.now() / 1000)): string {
  return `t=${atS},v1=${createHmac('sha256', SECRET).update(`${atS}.${body}`).digest('hex')}`;
}

function isSigned({ headers, body }: Received): boolean {
  const header = String(headers['x-zhuji-signature']);
  return header === sign(body, Number(/^t=(\d+),/.exec(header)?.[1]));
}

test('a notice is sent until it is taken, by the same id also after the gateway was killed in the middle', async () => {
  const receiver = await startReceiver((_request, response) => void response.writeHead(500).end());
  const [{ redisUrl }, { databaseUrl }] = [await createRedis(), await createDatabase()];
  const env = { ZHUJI_WEBHOOK_URL: `${receiver.url}/a-secret-path`, ZHUJI_WEBHOOK_SECRET: SECRET };
  const first = await startGateway({ redisUrl, databaseUrl, env });
  const { resident, device } = await addWang(first);
  await pressOnce({ ...device, mqttUrl: first.mqttUrl }, { type: 'sos', id: '1' });
  await until(() => receiver.requests.length >= 2, soon('an attempt and another'));

  // It has the notice, and the gateway dies before it hears so.
  let isKilled = false;
  receiver.answer = () => {
    isKilled = true;
    void first.kill9();
  };
  await until(() => isKilled, soon('the fatal attempt'));
  receiver.answer = (_request, response) => void response.writeHead(200).end('{"receipt":"delivered"}');
  const before = receiver.requests.length;
  const second = await startGateway({ redisUrl, databaseUrl, env, dataDir: first.dataDir });
  const admin = await logInAsAdmin(second);
  await until(() => receiver.requests.length > before, soon('the attempt after the death'));

  const { items } = await admin.list('state=all');
  const incident = items.find(({ residentId }) => residentId === resident.id);
  const noted = async () =>
    (await admin.detail(incident?.id ?? '')).log.filter(({ type }) => type === 'notified').map(({ data }) => data);
  await until(async () => (await noted()).some(({ result }) => result === 'delivered'), soon('the note of it'));
  expect(receiver.requests).toHaveLength(before + 1);
  expect(new Set(receiver.requests.map(({ headers }) => headers['x-zhuji-id'])).size).toBe(1);
  expect(receiver.requests.every(isSigned)).toBe(true);
  const son = resident.contacts[0]?.id;
  const notice = JSON.parse(receiver.requests[0]?.body ?? '') as Record<string, unknown>;
  expect(notice).toMatchObject({
    id: receiver.requests[0]?.headers['x-zhuji-id'],
    to: { kind: 'contact', id: son, name: '王小明', number: '+8613900000001', language: '上海话' },
    incident: { id: incident?.id, type: 'sos', priority: 1, region: 'test-city', presses: 1 },
    resident: { name: '王秀英' },
    reason: 'step',
    step: 'contacts',
  });
  // Where she lives is not for everybody who is told.
  expect(JSON.stringify(notice)).not.toContain('新村路');
  expect((await noted()).map(({ to }) => to)).toEqual((await noted()).map(() => ({ kind: 'contact', id: son })));

  const path = `/notifications/${String(notice['id'])}/receipt`;
  const tell = async (body: string, signature: string) => {
    const headers = { 'content-type': 'application/json', 'x-zhuji-signature': signature };
    return (await fetch(`${second.httpUrl}/api/v1${path}`, { method: 'POST', headers, body })).status;
  };
  const body = JSON.stringify({ id: notice['id'], receipt: 'read', code: 'sms-ok' });
  expect(await tell(body, sign(body))).toBe(200);
  expect(await tell(body, sign(body))).toBe(200);
  expect(await tell(body.replace('read', 'accepted'), sign(body))).toBe(401);
  expect(await tell(body, sign(body, 1_700_000_000))).toBe(401);
  expect(await tell('{', 'none')).toBe(400);
  const other = JSON.stringify({ id: 'inc-other:1:user:u', receipt: 'read' });
  expect(await tell(other, sign(other))).toBe(400);
  expect((await noted()).filter(({ result }) => result === 'read')).toMatchObject([{ code: 'sms-ok' }]);

  for (const { stderr } of [first, second]) {
    for (const personal of ['a-secret-path', SECRET, '1390000000', '王', receiver.url]) {
      expect(stderr()).not.toContain(personal);
    }
  }
});

test('without a webhook nobody is told and the step is passed over; half of its settings is a fault', async () => {
  const gateway = await startGateway();
  const { resident, device } = await addWang(gateway);
  await pressOnce({ ...device, mqttUrl: gateway.mqttUrl }, { type: 'sos', id: '1' });
  const admin = await logInAsAdmin(gateway);
  const steps = async () => {
    const incident = (await admin.list()).items.find(({ residentId }) => residentId === resident.id);
    const { log } = await admin.detail(incident?.id ?? '');
    return log.filter(({ type, data }) => type === 'step' && data['step'] === 'contacts');
  };
  await until(async () => (await steps()).length > 0, soon('the step'));
  expect((await steps())[0]?.data).toMatchObject({ reached: 0, notified: [], passedOver: true });
  await expect(startGateway({ env: { ZHUJI_WEBHOOK_URL: 'https://example.org/hook' } })).rejects.toThrow(
    'ZHUJI_WEBHOOK_SECRET',
  );
});
