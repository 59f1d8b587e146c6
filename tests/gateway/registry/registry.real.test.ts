import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { open } from './open-test-registry.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const patience = { timeoutMs: 30_000 };

test('a device counts as soon as its adding has been answered, and no longer once it was removed', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry, revoked } = open(databaseUrl, await scratchDir());
  await registry.start();
  const residentId = await registry.addResident({ name: 'Wang', region: 'yuyao/lanjiang/xincun' });
  const { id, secret } = await registry.addDevice({ model: 'generic-pendant', residentIds: [residentId] });

  const directory = registry.directory();
  expect(directory.standingOf(id, bytes(secret))).toBe('verified');
  expect(directory.standingOf(id, bytes(`${secret}0`))).toBe('unverified');
  expect(directory.standingOf(id, undefined)).toBe('unverified');
  expect(directory.standingOf('nobody', bytes(secret))).toBe('unregistered');
  expect(directory.device(id)).toMatchObject({
    residentIds: [residentId],
    homeId: directory.resident(residentId)?.homeId,
  });
  expect(directory.home(directory.resident(residentId)?.homeId ?? '')?.region).toBe('yuyao/lanjiang/xincun');

  await registry.removeDevice(id);
  // Added, and removed.
  expect(revoked).toEqual([id, id]);
  expect(registry.directory().standingOf(id, bytes(secret))).toBe('retired');
  const retiredAt = registry.directory().device(id)?.retiredAt;
  await registry.removeDevice(id);
  expect(registry.directory().device(id)?.retiredAt).toBe(retiredAt);
  expect(revoked).toEqual([id, id]);
  await expect(registry.addDevice({ model: 'generic-pendant', id })).rejects.toMatchObject({ code: 'conflict' });
});

test('a reader who holds a directory sees it unchanged while others write', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry } = open(databaseUrl, await scratchDir());
  await registry.start();
  const before = registry.directory();
  await registry.addHome({ address: 'x', region: null });
  expect(before.homes()).toEqual([]);
  expect(registry.directory().homes()).toHaveLength(1);
});

test('many writes at once all count, each when it is answered', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry } = open(databaseUrl, await scratchDir());
  await registry.start();
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const { id, secret } = await registry.addDevice({ model: 'generic-pendant', id: `d${index}` });
      expect(registry.directory().standingOf(id, bytes(secret))).toBe('verified');
    }),
  );
  expect(registry.directory().devices()).toHaveLength(20);
});

test('wrong writes say what is wrong and leave nothing behind', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry } = open(databaseUrl, await scratchDir());
  await registry.start();
  const homeId = await registry.addHome({ id: 'h', address: 'x', region: null });
  const wrong: readonly (readonly [() => Promise<unknown>, string, string])[] = [
    [() => registry.addHome({ id: 'h', address: 'x', region: null }), 'conflict', '/id'],
    [() => registry.addResident({ name: 'a', homeId: 'none' }), 'not-found', '/homeId'],
    [() => registry.addResident({ name: 'a', homeId, region: 'x' }), 'bad-request', '/homeId'],
    [() => registry.addContact('none', { name: 'a', number: '+8613900000000' }), 'not-found', '/residentId'],
    [() => registry.addDevice({ model: 'nope' }), 'bad-request', '/model'],
    [() => registry.addDevice({ model: 'generic-pendant', residentIds: ['none'] }), 'not-found', '/residentIds'],
    [() => registry.addDevice({ model: 'generic-pendant', homeId: 'none' }), 'not-found', '/homeId'],
    [() => registry.removeDevice('none'), 'not-found', '/id'],
    [() => registry.addUser({ username: 'ADMIN', roles: ['admin'], regions: ['*'] }, 'x'), 'conflict', '/username'],
  ];
  for (const [write, code, path] of wrong) await expect(write()).rejects.toMatchObject({ code, path });
  const directory = registry.directory();
  expect(
    [directory.homes(), directory.residents(), directory.devices(), directory.users()].map((list) => list.length),
  ).toEqual([1, 0, 0, 1]);
});

test('contacts are called in the order in which they were added', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry } = open(databaseUrl, await scratchDir());
  await registry.start();
  const contact = (name: string) => ({ name, number: '+8613900000000' });
  const id = await registry.addResident({ name: 'Wang', contacts: [contact('son'), contact('neighbour')] });
  await registry.addContact(id, { ...contact('doctor'), hasKey: true, minutesAway: 5 });
  expect(registry.directory().resident(id)?.contacts).toMatchObject([
    { order: 1, name: 'son', hasKey: false, minutesAway: null },
    { order: 2, name: 'neighbour' },
    { order: 3, name: 'doctor', hasKey: true, minutesAway: 5 },
  ]);
});

test('whether a contact is told is chosen, lasts, and is no by default', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry } = open(databaseUrl, await scratchDir());
  await registry.start();
  const contact = (name: string) => ({ name, number: '+8613900000000' });
  const id = await registry.addResident({ name: 'Wang', contacts: [{ ...contact('son'), notice: true }] });
  await registry.addContact(id, contact('neighbour'));
  await registry.addContact(id, { ...contact('former husband'), notice: true, mustNotBeTold: true });
  const told = registry.directory().resident(id)?.contacts;
  expect(told?.map(({ notice, mustNotBeTold }) => [notice, mustNotBeTold])).toEqual([
    [true, false],
    [false, false],
    [true, true],
  ]);
});

test('two gateways that start together on a new database make one admin, and share the session key', async () => {
  const { databaseUrl } = await createDatabase({ migrated: false });
  const one = open(databaseUrl, await scratchDir(), { gatewayId: 'one' });
  const two = open(databaseUrl, await scratchDir(), { gatewayId: 'two' });
  await Promise.all([one.registry.start(), two.registry.start()]);
  const told = [...one.admins, ...two.admins];
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ username: 'admin', password: expect.stringMatching(/^.{19}$/) });
  expect(one.registry.sessionKey()).toHaveLength(32);
  expect(one.registry.sessionKey()).toEqual(two.registry.sessionKey());
  expect(one.registry.directory().users()).toMatchObject([{ username: 'admin', roles: ['admin'], regions: ['*'] }]);
});

test('a write of one gateway reaches the other by notification, and revokes there too', async () => {
  const { databaseUrl } = await createDatabase();
  // A tick of an hour: only the notification can be what brings it.
  const one = open(databaseUrl, await scratchDir(), { gatewayId: 'one', tickMs: 3_600_000 });
  const two = open(databaseUrl, await scratchDir(), { gatewayId: 'two', tickMs: 3_600_000 });
  await one.registry.start();
  await two.registry.start();
  const { id, secret } = await one.registry.addDevice({ model: 'generic-pendant' });
  await until(() => two.registry.directory().standingOf(id, bytes(secret)) === 'verified', {
    ...patience,
    what: 'the notification',
  });
  await one.registry.removeDevice(id);
  await until(() => two.revoked.includes(id), { ...patience, what: 'the revocation' });
});

test('a broken snapshot and a data folder that cannot be written do no harm while Postgres is there', async () => {
  const { databaseUrl } = await createDatabase();
  const dataDir = await scratchDir();
  await writeFile(join(dataDir, 'register.snapshot.json'), '{"version":1,');
  const { registry } = open(databaseUrl, dataDir);
  expect(await registry.start()).toBe('postgres');
  await chmod(dataDir, 0o500);
  // Again where a snapshot came in between.
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  await registry.addHome({ id: 'h', address: '', region: null });
  expect(registry.directory().home('h')).toBeDefined();
});

test('start and stop may be called twice', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry } = open(databaseUrl, await scratchDir());
  await registry.start();
  expect(await registry.start()).toBe('postgres');
  await registry.stop();
  await registry.stop();
});

test('a change of another folder may take as long as it says, and no longer', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry } = open(databaseUrl, await scratchDir(), { statementTimeoutMs: 20_000 });
  await registry.start();
  const wait = (seconds: number, limitMs: number) =>
    registry.change('wait', async (db) => void (await db.query('select pg_sleep($1)', [seconds])), limitMs);
  await expect(wait(2, 300)).rejects.toMatchObject({ code: 'timeout' });
  await wait(0.5, 8000);
});
