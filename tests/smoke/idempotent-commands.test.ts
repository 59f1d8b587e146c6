import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { startGateway } from '../harness/gateway.ts';
import { hire, logInAsAdmin, type Answer, type Operator } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { countLines, openWorld, pressAndSee, type World } from './world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});

async function openCase(): Promise<string> {
  const device = await addDevice(world.gateway, { name: '杨奶奶' });
  return (await pressAndSee(world.feed, device, '{"type":"sos"}')).incident.id;
}

function withKey(key: string = randomUUID()) {
  return { 'idempotency-key': key };
}

/** Without the lease, which is how long its owner is believed to be there now. */
function lasting({ status, body }: Answer<Incident>) {
  const { leaseUntil: _, ...rest } = body;
  return { status, body: rest };
}

test('a command that is sent again gets the first answer, whatever happened since', async () => {
  const { operator } = world;
  const id = await openCase();
  const key = withKey();
  const first = await operator.tryTo(id, 'claim', {}, key);
  expect(first).toMatchObject({ status: 200, body: { state: 'claimed' } });
  await operator.act(id, 'release', {});
  expect(lasting(await operator.tryTo(id, 'claim', {}, key))).toEqual(lasting(first));
  expect(await operator.detail(id)).toMatchObject({ state: 'open', owner: null });
  expect(await countLines(operator, id)).toMatchObject({ claim: 1, release: 1 });
});

test('twenty copies of a note at once are one note and one answer', async () => {
  const { operator } = world;
  const id = await openCase();
  const key = withKey();
  const copies = Array.from({ length: 20 }, () => operator.tryTo(id, 'note', { text: '已致电女儿' }, key));
  const answers = await Promise.all(copies);
  expect(answers[0]?.status).toBe(200);
  const [first, ...others] = answers.map(lasting);
  for (const answer of others) expect(answer).toEqual(first);
  expect(await countLines(operator, id)).toMatchObject({ note: 1 });
});

test('a resolve and a reopen that are sent again do nothing more', async () => {
  const { operator } = world;
  const id = await openCase();
  const [closing, opening] = [withKey(), withKey()];
  const body = { outcome: 'helped', contact: 'spoke-with-person' } as const;
  const closed = await operator.tryTo(id, 'resolve', body, closing);
  const reopened = await operator.tryTo(id, 'reopen', {}, opening);
  expect(await operator.tryTo(id, 'resolve', body, closing)).toEqual(closed);
  expect(await operator.tryTo(id, 'reopen', {}, opening)).toEqual(reopened);
  expect(await operator.detail(id)).toMatchObject({ state: 'open', ringing: true });
  expect(await countLines(operator, id)).toMatchObject({ resolve: 1, resolved: 1, reopen: 1 });
});

test('the same key for another body, action or case is a conflict and does nothing', async () => {
  const { operator } = world;
  const [id, other] = [await openCase(), await openCase()];
  const key = withKey();
  await operator.tryTo(id, 'note', { text: '第一' }, key);
  const conflict = { status: 409, body: { code: 'conflict' } };
  expect(await operator.tryTo(id, 'note', { text: '第二' }, key)).toMatchObject(conflict);
  expect(await operator.tryTo(id, 'claim', {}, key)).toMatchObject(conflict);
  expect(await operator.tryTo(other, 'note', { text: '第一' }, key)).toMatchObject(conflict);
  expect(await countLines(operator, id)).toMatchObject({ note: 1 });
  expect(await operator.detail(other)).toMatchObject({ owner: null });
  expect(await countLines(operator, other)).not.toHaveProperty('note');
});

test('a key is a person’s own: a colleague’s same key is another command', async () => {
  const { gateway, admin, operator } = world;
  const colleague = await hire(gateway, admin, { username: 'colleague' });
  const id = await openCase();
  const key = withKey();
  await operator.tryTo(id, 'note', { text: '我在跟' }, key);
  const theirs = await colleague.tryTo(id, 'claim', {}, key);
  expect(theirs).toMatchObject({ status: 409, body: { code: 'claimed-by-other' } });
});

test('without a key, and with another, the same command is another command', async () => {
  const { operator } = world;
  const id = await openCase();
  await operator.act(id, 'note', { text: '敲门' });
  await operator.act(id, 'note', { text: '敲门' });
  await operator.tryTo(id, 'note', { text: '敲门' }, withKey());
  await operator.tryTo(id, 'note', { text: '敲门' }, withKey());
  expect(await countLines(operator, id)).toMatchObject({ note: 4 });
});

test('a refusal is not kept: the same command may succeed later', async () => {
  const { gateway, admin, operator } = world;
  const other = await hire(gateway, admin, { username: 'other' });
  const id = await openCase();
  await other.act(id, 'claim', {});
  const key = withKey();
  expect(await operator.tryTo(id, 'claim', {}, key)).toMatchObject({ status: 409 });
  await other.act(id, 'release', {});
  expect(await operator.tryTo(id, 'claim', {}, key)).toMatchObject({ status: 200, body: { state: 'claimed' } });
});

test('a key longer than allowed, or empty, is refused before anything happens', async () => {
  const id = await openCase();
  for (const key of ['', 'x'.repeat(129)]) {
    expect(await world.operator.tryTo(id, 'claim', {}, withKey(key))).toMatchObject({ status: 400 });
  }
  expect(await world.operator.detail(id)).toMatchObject({ owner: null });
});

const BY_HAND = { type: 'sos', source: 'phone', text: '邻居来电：老王不开门' } as const;

function countOpen(person: Operator): Promise<number> {
  return person.list().then(({ items }) => items.length);
}

test('a case that is opened by hand twice with one key is one case', async () => {
  const { operator } = world;
  const before = await countOpen(operator);
  const key = withKey();
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => operator.ask<Incident>('POST', '/incidents', BY_HAND, key)),
  );
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 201)).toEqual([]);
  expect(await countOpen(operator)).toBe(before + 1);
  expect(await operator.detail(answers[0]?.body.id ?? '')).toMatchObject({ presses: 1, ringing: true });
});

test('a second case by hand under the key of the first is told so, not swallowed', async () => {
  const { operator } = world;
  const key = withKey();
  const first = await operator.ask<Incident>('POST', '/incidents', BY_HAND, key);
  expect(first.status).toBe(201);
  const second = { ...BY_HAND, type: 'smoke', text: '三楼冒烟' };
  const answer = await operator.ask('POST', '/incidents', second, key);
  expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
});

// The last of the file: it ends the gateway.
test('the first answer outlives a gateway that is killed', async () => {
  const { gateway, admin } = world;
  const id = await openCase();
  const key = withKey();
  const first = await admin.tryTo(id, 'claim', {}, key);
  const { dataDir, redisUrl = '', databaseUrl = '' } = gateway;
  await gateway.kill9();
  const again = await logInAsAdmin(await startGateway({ dataDir, redisUrl, databaseUrl }));
  await again.act(id, 'release', {});
  expect(lasting(await again.tryTo(id, 'claim', {}, key))).toEqual(lasting(first));
  expect(await again.detail(id)).toMatchObject({ state: 'open', owner: null });
});
