import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { NotificationDraft } from '../../../gateway/incidents/commit.ts';
import type { Outcome } from '../../../gateway/notify/note.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { ownRedis } from '../../harness/own-servers.ts';
import { taken } from '../../harness/receiver.ts';
import { createRedis } from '../../harness/redis.ts';
import { until } from '../../harness/until.ts';
import { openIncident, resolvedIncident } from '../incidents/build.ts';
import { countOf, later, ok, openWorld, soon } from './world.ts';

test('two gateways share the work; what one of them holds and cannot bring the other takes over only when it is silent', async () => {
  const { redisUrl } = await createRedis();
  const world = await openWorld(redisUrl, ({ n }, response) => later(n === 0 ? 1200 : 5, () => ok(response)));
  await Promise.all([world.startNotifier('g1'), world.startNotifier('g2')]);
  const opened = [];
  for (let n = 0; n < 100; n += 1) opened.push(await world.open([`h${n}`]));
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  expect(world.receiver.requests).toHaveLength(100);
  expect(await world.noted(opened[0]?.incidentId ?? '')).toMatchObject([{ result: 'sent' }]);
});

test('a slow receiver does not make another gateway take over: who works on it says so', async () => {
  const { redisUrl } = await createRedis();
  const world = await openWorld(
    redisUrl,
    (_r, response) => void response.writeHead(503, { 'retry-after': '60' }).end(),
  );
  const g1 = await world.startNotifier('g1');
  const { drafts } = await world.open(['h1']);
  const id = drafts[0]?.id ?? '';
  await until(() => countOf(world, id) === 1, soon('the first attempt'));
  await world.startNotifier('g2');
  await delay(6500);
  expect(countOf(world, id)).toBe(1);
  // It goes without a word: what it left is taken over, and knows how often it was tried.
  world.receiver.answer = taken;
  await g1.stop();
  await until(() => countOf(world, id) === 2, soon('the take-over'));
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  expect((await world.noted(drafts[0]?.incidentId ?? '')).map(({ attempt, result }) => [attempt, result])).toEqual([
    [1, 'failed'],
    [2, 'sent'],
  ]);
});

test('Redis that is killed costs no notice: what was read is sent meanwhile and noted when it is back', async () => {
  const redis = await ownRedis();
  let isHeld = true;
  const world = await openWorld(redis.redisUrl, (_r, response) => {
    if (!isHeld) ok(response);
    else response.writeHead(500).end();
  });
  await world.startNotifier('g1');
  // Not on the board, so that it is known from the store alone.
  const { incidentId, drafts } = await world.open(['h1'], resolvedIncident());
  const id = drafts[0]?.id ?? '';
  await until(() => countOf(world, id) >= 1, soon('the first attempt'));
  await redis.kill9();
  isHeld = false;
  await until(() => world.receiver.requests.length >= 2, soon('an attempt without Redis'));
  await delay(300);
  const sent = world.receiver.requests.length;
  await redis.start();
  await until(async () => (await world.noted(incidentId)).some(({ result }) => result === 'sent'), soon('the note'));
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  expect(world.receiver.requests).toHaveLength(sent);
});

test('what is no notification is thrown out, and a group that is gone is made again', async () => {
  const world = await openWorld((await createRedis()).redisUrl);
  await world.startNotifier('g1');
  await world.gateway.redis.xadd(REDIS_KEYS.outbox, '*', 'notification', '{"id":7}');
  await world.gateway.redis.xadd(REDIS_KEYS.outbox, '*', 'else', 'x');
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  await world.gateway.redis.del(REDIS_KEYS.outbox);
  const { drafts } = await world.open(['h1']);
  await until(() => countOf(world, drafts[0]?.id ?? '') === 1, soon('the notice after'));
});

test('what was sent straight from memory is not sent from the outbox once more, and its attempts are noted later', async () => {
  const world = await openWorld((await createRedis()).redisUrl, ({ n }, response) => {
    response.writeHead(n === 0 ? 500 : 200).end();
  });
  const notifier = await world.startNotifier('g1');
  const incident = openIncident();
  const draft: NotificationDraft = {
    ...{ id: `${incident.id}:7:user:h1`, incidentId: incident.id, to: { kind: 'user', id: 'h1' } },
    ...{ reason: 'step', step: 'duty-helpers', at: Date.now() },
  };
  const [before, outcomes]: [number[], Outcome[]] = [[], []];
  const hooks = {
    beforeAttempt: async (_draft: NotificationDraft, attempt: number) => {
      expect(world.receiver.requests).toHaveLength(attempt - 1);
      before.push(attempt);
      if (attempt === 2) throw new Error('disk full');
    },
    afterAttempt: (_draft: NotificationDraft, outcome: Outcome) => void outcomes.push(outcome),
  };
  const both = [notifier.direct.send(draft, () => incident, hooks), notifier.direct.send(draft, () => incident, hooks)];
  expect((await Promise.all(both)).map((outcome) => outcome?.result)).toEqual(['sent', 'sent']);
  expect(await notifier.direct.send(draft, () => incident, hooks)).toBeNull();
  expect(before).toEqual([1, 2]);
  await world.gateway.store.commit({
    ...{ incidents: [{ record: incident, was: null }], guarded: [], events: [], entries: [], ack: null },
    notifications: [draft],
  });
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  await notifier.direct.note(draft, outcomes);
  expect(world.receiver.requests).toHaveLength(2);
  expect((await world.noted(incident.id)).map(({ attempt, result }) => [attempt, result])).toEqual([
    [1, 'failed'],
    [2, 'sent'],
  ]);
});

test('start and stop may be called twice, and a stop leaves what is under way to the next start', async () => {
  const world = await openWorld((await createRedis()).redisUrl, () => undefined);
  const notifier = await world.startNotifier('g1');
  notifier.start();
  const { drafts } = await world.open(['h1']);
  const id = drafts[0]?.id ?? '';
  await until(() => countOf(world, id) === 1, soon('the first attempt'));
  await Promise.all([notifier.stop(), notifier.stop()]);
  expect(await world.waiting()).toBe(1);
  world.receiver.answer = taken;
  notifier.start();
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
});

test('while it is still being sent straight from memory the outbox waits for it', async () => {
  const world = await openWorld((await createRedis()).redisUrl, (_r, response) => later(1300, () => ok(response)));
  const notifier = await world.startNotifier('g1');
  const incident = openIncident();
  const draft: NotificationDraft = {
    ...{ id: `${incident.id}:8:user:h1`, incidentId: incident.id, to: { kind: 'user', id: 'h1' } },
    ...{ reason: 'step', step: 'duty-helpers', at: Date.now() },
  };
  const hooks = { beforeAttempt: async () => undefined, afterAttempt: () => undefined };
  const sending = notifier.direct.send(draft, () => incident, hooks);
  await until(() => world.receiver.requests.length === 1, soon('the attempt'));
  await world.gateway.store.commit({
    ...{ incidents: [{ record: incident, was: null }], guarded: [], events: [], entries: [], ack: null },
    notifications: [draft],
  });
  expect((await sending)?.result).toBe('sent');
  await until(async () => (await world.waiting()) === 0, soon('the outbox to be empty'));
  expect(world.receiver.requests).toHaveLength(1);
});
