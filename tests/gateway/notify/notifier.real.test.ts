import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import type { Answering } from '../../harness/receiver.ts';
import { createRedis } from '../../harness/redis.ts';
import { until } from '../../harness/until.ts';
import { openIncident, resolvedIncident } from '../incidents/build.ts';
import { countOf, helpers, idOf, later, ok, openWorld, soon } from './world.ts';

test('a notice that lay in the outbox before any gateway ran is sent, noted, and then gone', async () => {
  const world = await openWorld((await createRedis()).redisUrl);
  const { incidentId, drafts } = await world.open(['h1']);
  await world.startNotifier('g1');
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  expect(await world.noted(incidentId)).toMatchObject([
    {
      notificationId: drafts[0]?.id,
      channel: 'webhook',
      to: { kind: 'user', id: 'h1' },
      attempt: 1,
      result: 'sent',
      code: '200',
    },
  ]);
  expect(world.receiver.requests.map(idOf)).toEqual([drafts[0]?.id]);
  expect(await world.gateway.store.loadIncident(incidentId)).toMatchObject({ version: 1 });
});

test('what fails is tried again under the same id until it is taken; each attempt is a line', async () => {
  const world = await openWorld((await createRedis()).redisUrl, ({ n }, response) => {
    if (n === 1) response.destroy();
    else response.writeHead(n === 0 ? 500 : 200).end('{"receipt":"delivered"}');
  });
  await world.startNotifier('g1');
  const { incidentId } = await world.open(['h1']);
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  expect(new Set(world.receiver.requests.map(idOf)).size).toBe(1);
  expect((await world.noted(incidentId)).map(({ attempt, result, code }) => [attempt, result, code])).toEqual([
    [1, 'failed', '500'],
    [2, 'failed', 'ECONNRESET'],
    [3, 'sent', '200'],
    [3, 'delivered', 'told-at-once'],
  ]);
});

test('what was noted as sent and not yet taken from the outbox when a gateway died is not sent again', async () => {
  const world = await openWorld((await createRedis()).redisUrl);
  await world.startNotifier('g1');
  const { drafts } = await world.open(['h1']);
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  await world.gateway.redis.xadd(REDIS_KEYS.outbox, '*', 'notification', JSON.stringify(drafts[0]));
  const { drafts: next } = await world.open(['h1']);
  await until(() => countOf(world, next[0]?.id ?? '') === 1, soon('the notice after it'));
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  expect(countOf(world, drafts[0]?.id ?? '')).toBe(1);
});

test('a refusal for good is not tried again', async () => {
  const world = await openWorld((await createRedis()).redisUrl, (_r, response) => void response.writeHead(422).end());
  await world.startNotifier('g1');
  const { incidentId } = await world.open(['h1']);
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  await delay(1500);
  expect(world.receiver.requests).toHaveLength(1);
  expect(await world.noted(incidentId)).toMatchObject([{ attempt: 1, result: 'gave-up', code: '422' }]);
});

test('what came too late is not sent: its case is over, or its person is not known any more', async () => {
  const world = await openWorld((await createRedis()).redisUrl);
  await world.startNotifier('g1');
  const over = await world.open(['h1'], resolvedIncident(), Date.now() - 3 * 60_000);
  const unknown = await world.open(['nobody']);
  const fresh = await world.open(['h1'], resolvedIncident());
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  expect(await world.noted(over.incidentId)).toMatchObject([{ result: 'gave-up', code: 'resolved' }]);
  expect(await world.noted(unknown.incidentId)).toMatchObject([{ result: 'gave-up', code: 'no-channel' }]);
  expect(world.receiver.requests.map(idOf)).toEqual([fresh.drafts[0]?.id]);
});

test('one receiver that hangs delays nobody else', async () => {
  const answer: Answering = ({ body }, response) => {
    if (!body.includes('"username":"h0"')) ok(response);
  };
  // The one that hangs is waited for longer than for the others.
  const world = await openWorld((await createRedis()).redisUrl, answer, 120_000);
  await world.startNotifier('g1');
  await world.open(Array.from({ length: 200 }, () => 'h0'));
  await until(() => world.receiver.requests.length >= 2, soon('the dead one to hang'));
  const { drafts } = await world.open(helpers.slice(1, 101).map(({ id }) => id));
  await until(() => drafts.every(({ id }) => countOf(world, id) === 1), soon('a hundred others'));
});

test('a flood of 2,000 delays no urgent one, and each is sent once', async () => {
  const world = await openWorld((await createRedis()).redisUrl, (_r, response) => later(20, () => ok(response)));
  const incident = openIncident({ priority: 2 });
  for (let n = 0; n < 10; n += 1)
    await world.open(
      helpers.map(({ id }) => id),
      incident,
    );
  await world.startNotifier('g1');
  await until(() => world.receiver.requests.length > 300, soon('the flood'));
  const { drafts } = await world.open(['h1', 'h2']);
  await until(() => drafts.every(({ id }) => countOf(world, id) === 1), soon('the urgent ones'));
  const order = world.receiver.requests.map(idOf);
  expect(order.indexOf(drafts[1]?.id ?? '')).toBeLessThan(1500);
  await until(async () => (await world.waiting()) === 0, { timeoutMs: 120_000, what: 'the flood to end' });
  expect(world.receiver.requests).toHaveLength(2002);
  expect(new Set(world.receiver.requests.map(idOf)).size).toBe(2002);
});

test('of several notices of one case to one person that wait for a dead receiver only the last is sent', async () => {
  let isDead = true;
  const world = await openWorld((await createRedis()).redisUrl, (_r, response) => {
    if (isDead) response.destroy();
    else ok(response);
  });
  await world.startNotifier('g1');
  const incident = openIncident();
  const first = await world.open(['h1'], incident);
  await until(() => countOf(world, first.drafts[0]?.id ?? '') === 1, soon('the first'));
  const second = await world.open(['h1'], incident);
  await until(() => countOf(world, second.drafts[0]?.id ?? '') === 1, soon('the second'));
  isDead = false;
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  const ends = (await world.noted(first.incidentId)).filter(({ result }) => result !== 'failed');
  const endOf = new Map(ends.map(({ notificationId, result, code }) => [notificationId, [result, code]]));
  expect(endOf.get(first.drafts[0]?.id)).toEqual(['gave-up', 'superseded']);
  expect(endOf.get(second.drafts[0]?.id)).toEqual(['sent', '200']);
  expect(ends).toHaveLength(2);
});

test('receipts come in once, and only for what was sent', async () => {
  const world = await openWorld((await createRedis()).redisUrl);
  const notifier = await world.startNotifier('g1');
  const { incidentId, drafts } = await world.open(['h1']);
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  const id = drafts[0]?.id ?? '';
  const receipt = { kind: 'read', code: null, toldAt: null, at: Date.now() } as const;
  const answers = await Promise.all([notifier.receive(id, receipt), notifier.receive(id, receipt)]);
  expect(new Set(answers)).toEqual(new Set(['known', 'noted']));
  expect(await notifier.receive('inc-x:1:user:h1', receipt)).toBe('unknown');
  expect((await world.noted(incidentId)).map(({ result }) => result)).toEqual(['sent', 'read']);
});
