import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { UserCreated } from '../../gateway/api/contract/session.ts';
import { ADMIN_PASSWORD, startGateway } from '../harness/gateway.ts';
import { createDatabase } from '../harness/postgres.ts';
import { startReceiver, taken, type Received } from '../harness/receiver.ts';
import { createRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWire } from '../harness/wire.ts';
import { hire, logIn, logInAsAdmin, type Operator } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { pressOnce } from './world/press.ts';

const SECRET = 'shared-with-the-receiver';
const LEASE_S = 2;
const soon = (what: string) => ({ timeoutMs: 30_000, what });

function isSigned({ headers, body }: Received): boolean {
  const header = String(headers['x-zhuji-signature']);
  const atS = /^t=(\d+),/.exec(header)?.[1] ?? '';
  return header === `t=${atS},v1=${createHmac('sha256', SECRET).update(`${atS}.${body}`).digest('hex')}`;
}

/** How the attempts of a case ended, as its log tells. */
async function notedOf(person: Operator, incidentId: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await person.detail(incidentId)).log.filter(({ type }) => type === 'notified').map(({ data }) => data);
}

test('without Redis the helper on duty is told, also without Postgres after a restart; the log has every attempt afterwards', async () => {
  const receiver = await startReceiver();
  const redis = await openWire((await createRedis()).redisUrl);
  const postgres = await openWire((await createDatabase()).databaseUrl);
  const options = {
    ...{ redisUrl: redis.url, databaseUrl: postgres.url },
    env: {
      ...{ ZHUJI_WEBHOOK_URL: receiver.url, ZHUJI_WEBHOOK_SECRET: SECRET, ZHUJI_PRESENCE_S: String(LEASE_S) },
    },
  };
  const first = await startGateway(options);
  const admin = await logInAsAdmin(first);
  const helper = await hire(first, admin, { username: 'helper', roles: ['helper'], regions: ['*'] });
  await helper.ask('PUT', '/duty', { on: true, sound: false });
  const late = await admin.post<UserCreated>('/users', { username: 'late', roles: ['helper'], regions: ['*'] });
  const [one, other, third] = [
    await addDevice(first, { name: '许奶奶' }),
    await addDevice(first, { name: '何爷爷' }),
    await addDevice(first, { name: '吕奶奶' }),
  ];
  const toldOf = (incidentId: string): Received[] => receiver.requests.filter(({ body }) => body.includes(incidentId));
  const caseOf = (person: Operator, residentId: string | null): Promise<string> =>
    until(async () => (await person.list()).items.find((item) => item.residentId === residentId)?.id, soon('the case'));

  // No console is open, Redis is gone, and the receiver does not take it at once: the step goes to the helper all the same.
  redis.set('cut');
  receiver.answer = ({ n }, response) => void response.writeHead(n === 0 ? 500 : 200).end('{"receipt":"delivered"}');
  await pressOnce(one, { type: 'sos' });
  const step = await until(() => receiver.requests[1], soon('the step at the helper'));
  expect(isSigned(step)).toBe(true);
  expect(JSON.parse(step.body)).toMatchObject({
    ...{ reason: 'step', step: 'duty-helpers', to: { kind: 'user', id: helper.user.id } },
    ...{ resident: { name: '许奶奶' }, incident: { type: 'sos', state: 'open' } },
  });
  const oneCase = (JSON.parse(step.body) as { readonly incident: { readonly id: string } }).incident.id;

  // The gateway dies in the middle of an attempt, and starts with both away.
  let isAsked = false;
  receiver.answer = () => void (isAsked = true);
  await pressOnce(other, { type: 'sos' });
  await until(() => isAsked, soon('the attempt without an answer'));
  postgres.set('cut');
  await first.kill9();
  receiver.answer = taken;
  const second = await startGateway({ ...options, dataDir: first.dataDir });
  // Nobody has logged in, and Redis cannot say who is on duty: the gateway remembers.
  await pressOnce({ ...third, mqttUrl: second.mqttUrl }, { type: 'sos' });
  const called = await until(
    () => receiver.requests.find(({ body }) => body.includes('吕奶奶')),
    soon('the step at the helper after the restart'),
  );
  expect(JSON.parse(called.body)).toMatchObject({ step: 'duty-helpers', to: { kind: 'user', id: helper.user.id } });
  const person = await logIn(second, { username: 'admin', password: ADMIN_PASSWORD });
  const otherCase = await caseOf(person, other.residentId);
  await until(() => toldOf(otherCase).length >= 2, soon('the attempt after the death'));
  expect(new Set(toldOf(otherCase).map(({ headers }) => headers['x-zhuji-id'])).size).toBe(1);
  const thirdCase = await caseOf(person, third.residentId);
  await person.act(thirdCase, 'dispatch', { helperId: late.id });
  const sent = await until(
    () => toldOf(thirdCase).find(({ body }) => body.includes(late.id)),
    soon('the dispatch at the helper'),
  );
  expect(isSigned(sent)).toBe(true);

  // One is still on its way when Redis comes back.
  receiver.answer = (request, response) => {
    if (request.n < receiver.requests.length) setTimeout(() => taken(request, response), 3_000);
  };
  await person.act(oneCase, 'dispatch', { helperId: late.id });
  await until(() => toldOf(oneCase).some(({ body }) => body.includes(late.id)), soon('the slow attempt'));
  redis.set('whole');
  postgres.set('whole');
  await until(async () => (await person.list()).asOf !== null, soon('the return'));
  receiver.answer = taken;
  const noted = (incidentId: string, userId: string, result: string) =>
    until(
      async () =>
        (await notedOf(person, incidentId)).find(
          ({ to, result: was }) => was === result && (to as { readonly id?: string }).id === userId,
        ),
      soon(`${result} in the log`),
    );
  await noted(oneCase, helper.user.id, 'failed');
  await noted(oneCase, helper.user.id, 'delivered');
  await noted(otherCase, helper.user.id, 'sent');
  await noted(thirdCase, helper.user.id, 'sent');
  await noted(thirdCase, late.id, 'sent');
  await noted(oneCase, late.id, 'sent');
  expect(receiver.requests.every(isSigned)).toBe(true);
});
