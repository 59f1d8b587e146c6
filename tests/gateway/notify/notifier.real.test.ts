import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { NotificationDraft } from '../../../gateway/incidents/commit.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';
import { systemClock } from '../../../gateway/clock.ts';
import { createWebhook } from '../../../gateway/notify/channels/webhook.ts';
import type { Outcome } from '../../../gateway/notify/note.ts';
import { createNotifier, type Notifier } from '../../../gateway/notify/notifier.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { ownRedis } from '../../harness/own-servers.ts';
import { startReceiver, taken, type Answering, type Received } from '../../harness/receiver.ts';
import { createRedis } from '../../harness/redis.ts';
import { until } from '../../harness/until.ts';
import { openIncident, register, resolvedIncident } from '../incidents/build.ts';
import { connect, openGateway } from '../incidents/world.ts';

const helpers = Array.from({ length: 200 }, (_, n) => ({ id: `h${n}`, roles: ['helper'] as const }));
const directory = register({ users: helpers.map(({ id }) => ({ id, roles: ['helper'] })) });
const soon = (what: string) => ({ timeoutMs: 15_000, what });

let made = 0;

async function openWorld(redisUrl: string, answer: Answering = taken, answerWithinMs = 1500) {
  const receiver = await startReceiver(answer);
  const gateway = await openGateway(redisUrl, { directory });
  const lines: string[] = [];

  async function startNotifier(gatewayId: string): Promise<Notifier> {
    const channel = createWebhook({
      ...{ url: receiver.url, secret: 'a secret of sixteen', clock: systemClock, answerWithinMs },
      directory: () => directory,
    });
    const notifier = createNotifier({
      channels: [channel],
      redis: { outbox: await connect(redisUrl, 'outbox'), command: await connect(redisUrl) },
      store: gateway.store,
      findOpen: () => undefined,
      directory: () => directory,
      alarms: { raise: () => undefined, restore: () => undefined },
      ...{ gatewayId, clock: systemClock, logger: pino({}, { write: (line) => void lines.push(line) }) },
    });
    afterwards(notifier.stop);
    notifier.start();
    return notifier;
  }

  /** An incident whose step tells these helpers. */
  async function open(to: readonly string[], record: IncidentRecord = openIncident(), at = Date.now()) {
    const drafts = to.map((id): NotificationDraft => {
      made += 1;
      const about = { incidentId: record.id, to: { kind: 'user', id }, reason: 'step', step: 'duty-helpers' } as const;
      return { id: `${record.id}:${made}:user:${id}`, ...about, at };
    });
    const plan = { guarded: [], events: [], entries: [], ack: null, notifications: drafts };
    const known = await gateway.store.loadIncident(record.id);
    await gateway.store.commit({ ...plan, incidents: known === null ? [{ record, was: null }] : [] });
    return { incidentId: record.id, drafts };
  }

  async function noted(incidentId: string): Promise<Record<string, unknown>[]> {
    const entries = await gateway.store.loadEntries(incidentId);
    return entries.filter(({ type }) => type === 'notified').map(({ data }) => ({ ...data }));
  }

  const waiting = async (): Promise<number> => gateway.redis.xlen(REDIS_KEYS.outbox);
  return { receiver, gateway, lines, startNotifier, open, noted, waiting };
}

type World = Awaited<ReturnType<typeof openWorld>>;

const idOf = ({ headers }: Received): string => String(headers['x-zhuji-id']);
const countOf = ({ receiver }: World, id: string): number => receiver.requests.filter((r) => idOf(r) === id).length;
const later = (ms: number, act: () => void): void => void setTimeout(act, ms);
const ok = (response: ServerResponse): void => void response.writeHead(200).end();

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
  const world = await openWorld((await createRedis()).redisUrl, answer, 10_000);
  await world.startNotifier('g1');
  await world.open(Array.from({ length: 200 }, () => 'h0'));
  await until(() => world.receiver.requests.length >= 2, soon('the dead one to hang'));
  const begun = Date.now();
  const { drafts } = await world.open(helpers.slice(1, 101).map(({ id }) => id));
  await until(() => drafts.every(({ id }) => countOf(world, id) === 1), soon('a hundred others'));
  expect(Date.now() - begun).toBeLessThan(5000);
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
  const begun = Date.now();
  const { drafts } = await world.open(['h1', 'h2']);
  await until(() => drafts.every(({ id }) => countOf(world, id) === 1), soon('the urgent ones'));
  expect(Date.now() - begun).toBeLessThan(3000);
  await until(async () => (await world.waiting()) === 0, { timeoutMs: 30_000, what: 'the flood to end' });
  expect(world.receiver.requests).toHaveLength(2002);
  expect(new Set(world.receiver.requests.map(idOf)).size).toBe(2002);
}, 60_000);

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
  const world = await openWorld(redisUrl, (_r, response) => void response.writeHead(503, { 'retry-after': '8' }).end());
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
}, 40_000);

test('Redis that is killed costs no notice: what was read is sent meanwhile and noted when it is back', async () => {
  const redis = await ownRedis();
  let isHeld = true;
  const world = await openWorld(redis.redisUrl, (_r, response) => {
    if (!isHeld) ok(response);
    else response.writeHead(500).end();
  });
  await world.startNotifier('g1');
  const { incidentId, drafts } = await world.open(['h1']);
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
}, 40_000);

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
}, 20_000);
