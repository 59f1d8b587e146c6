import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createPool } from '../../../gateway/store/postgres.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { ownPostgres } from '../../harness/own-servers.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { open } from './open-test-registry.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const patience = { timeoutMs: 30_000 };

test('a gateway that starts without Postgres knows what it knew, and catches up by itself', async () => {
  const postgres = await ownPostgres();
  const dataDir = await scratchDir();
  const first = open(postgres.databaseUrl, dataDir);
  expect(await first.registry.start()).toBe('postgres');
  const { id, secret } = await first.registry.addDevice({ model: 'generic-pendant' });
  const key = first.registry.sessionKey();
  await first.stop();
  await postgres.stop();

  const second = open(postgres.databaseUrl, dataDir);
  expect(await second.registry.start()).toBe('snapshot');
  expect(second.registry.check()).toMatchObject({ isCurrent: false, source: 'snapshot', fault: 'unavailable' });
  expect(second.registry.directory().standingOf(id, bytes(secret))).toBe('verified');
  expect(second.registry.sessionKey()).toEqual(key);
  await expect(second.registry.addHome({ address: '', region: null })).rejects.toMatchObject({ code: 'unavailable' });

  await postgres.start();
  await until(() => second.registry.check().isCurrent, { ...patience, what: 'the return of Postgres' });
  await second.registry.addHome({ address: '', region: null });
  expect(second.admins).toEqual([]);
});

test('a killed Postgres is used again once it is back', async () => {
  const postgres = await ownPostgres();
  const { registry } = open(postgres.databaseUrl, await scratchDir());
  await registry.start();
  await registry.addHome({ id: 'h', address: '', region: null });
  await postgres.kill9();
  expect(registry.directory().home('h')).toBeDefined();
  const write = () => registry.addHome({ id: 'h2', address: '', region: null }).then(() => true);
  await until(write, { ...patience, what: 'a write after the restart' });
  expect(registry.directory().home('h2')).toBeDefined();
});

test('a frozen Postgres is noticed while reads go on, and a write says that it is away', async () => {
  const postgres = await ownPostgres();
  const { registry } = open(postgres.databaseUrl, await scratchDir());
  await registry.start();
  await registry.addHome({ id: 'h', address: '', region: null });
  postgres.freeze();
  await until(() => !registry.check().isCurrent, { ...patience, what: 'the notice' });
  expect(registry.directory().home('h')).toBeDefined();
  const write = registry.addHome({ id: 'h2', address: '', region: null });
  await expect(write).rejects.toMatchObject({ code: expect.stringMatching(/unavailable|timeout/) });
  postgres.thaw();
  await until(() => registry.check().isCurrent, { ...patience, what: 'the thaw' });
});

test('without Postgres and without a snapshot it starts empty', async () => {
  const { registry } = open('postgres://nobody@127.0.0.1:1/none', await scratchDir());
  expect(await registry.start()).toBe('empty');
  expect(registry.sessionKey()).toBeUndefined();
  expect(registry.directory().standingOf('d', bytes('x'))).toBe('unregistered');
});

test('a frozen Postgres keeps nobody waiting: writes, reads of history, a start and an end have bounds', async () => {
  const postgres = await ownPostgres();
  const dataDir = await scratchDir();
  const first = open(postgres.databaseUrl, dataDir, { statementTimeoutMs: 60_000 });
  await first.registry.start();
  const { id } = await first.registry.addDevice({ model: 'generic-pendant' });
  postgres.freeze();
  const within = async <T>(limitMs: number, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    return work().finally(() => expect(performance.now() - begun).toBeLessThan(limitMs));
  };
  const away = { code: expect.stringMatching(/unavailable|timeout/) };
  await Promise.all([
    ...[1, 2, 3, 4].map((n) =>
      within(12_000, () =>
        expect(first.registry.addHome({ id: `${n}`, address: '', region: null })).rejects.toMatchObject(away),
      ),
    ),
    within(12_000, () => expect(first.registry.loadBindings(id)).rejects.toMatchObject(away)),
  ]);
  const second = open(postgres.databaseUrl, dataDir, { gatewayId: 'second' });
  expect(await within(8_000, () => second.registry.start())).toBe('snapshot');
  await within(6_000, () => second.registry.stop());
  postgres.thaw();
  const write = () => first.registry.addHome({ id: 'after', address: '', region: null }).then(() => true);
  await until(write, { timeoutMs: 30_000, what: 'a write after the thaw' });
});

test('a listener whose connection was cut hears again', async () => {
  const { databaseUrl } = await createDatabase();
  const one = open(databaseUrl, await scratchDir(), { gatewayId: 'one', tickMs: 100 });
  const two = open(databaseUrl, await scratchDir(), { gatewayId: 'two', tickMs: 3_600_000 });
  await one.registry.start();
  await two.registry.start();
  const heard = async (id: string): Promise<void> => {
    await two.registry.addHome({ id, address: '', region: null });
    await until(() => one.registry.directory().home(id) !== undefined, { ...patience, what: id });
  };
  await heard('before');
  const admin = createPool({ databaseUrl, applicationName: 'admin', logger: pino({ level: 'silent' }) });
  afterwards(() => admin.end());
  const listeners = `from pg_stat_activity where application_name = 'zhuji-register-listener' and datname = current_database()`;
  const { rowCount } = await admin.query(`select pg_terminate_backend(pid) ${listeners}`);
  expect(rowCount).toBe(2);
  const isBack = async () => (await admin.query(`select 1 ${listeners}`)).rowCount === 1;
  await until(isBack, { ...patience, what: 'the listener of the gateway that ticks' });
  await heard('after');
});

test('a Postgres that comes back empty takes nothing away, is told of, and counts again once it is restored', async () => {
  const { databaseUrl, keep, empty } = await createDatabase({ migrated: false });
  const dataDir = await scratchDir();
  const { registry, admins } = open(databaseUrl, dataDir, { tickMs: 100 });
  await registry.start();
  await registry.addHome({ id: 'h', address: '', region: null });
  const restore = await keep();
  await registry.addHome({ id: 'later', address: '', region: null });

  await empty();
  await until(() => registry.check().fault === 'database-empty', { ...patience, what: 'the notice' });
  expect(registry.directory().home('later')).toBeDefined();
  const isCurrent = (): boolean => registry.check().isCurrent;
  expect(isCurrent()).toBe(false);

  await restore();
  await until(isCurrent, { ...patience, what: 'the restored database' });
  expect(registry.directory().home('h')).toBeDefined();
  expect(registry.directory().home('later')).toBeUndefined();

  // Tables in which nobody is yet, as in the middle of a restore.
  const admin = createPool({ databaseUrl, applicationName: 'admin', logger: pino({ level: 'silent' }) });
  afterwards(() => admin.end());
  await admin.query(`truncate users, settings, homes cascade; update register_revision set revision = revision + 1`);
  await until(() => registry.check().fault === 'database-empty', { ...patience, what: 'the second notice' });
  expect(registry.directory().home('h')).toBeDefined();
  expect((await admin.query('select from users')).rowCount).toBe(0);
  expect(admins).toHaveLength(1);
});

test('a database of an older version, or without a key, is brought up to date when it comes back', async () => {
  const { databaseUrl } = await createDatabase();
  const { registry, admins } = open(databaseUrl, await scratchDir(), { tickMs: 100 });
  await registry.start();
  const admin = createPool({ databaseUrl, applicationName: 'admin', logger: pino({ level: 'silent' }) });
  afterwards(() => admin.end());
  const key = registry.sessionKey();
  await admin.query(`delete from settings where key = 'session-key'; update register_revision set revision = 100`);
  await until(() => registry.check().isCurrent && registry.sessionKey()?.join() !== key?.join(), {
    ...patience,
    what: 'another key',
  });
  await admin.query(
    `drop table resident_limits; delete from schema_migrations where name like '0008-%'; update register_revision set revision = 1`,
  );
  await until(() => !registry.check().isCurrent, { ...patience, what: 'the fault' });
  await until(() => registry.check().isCurrent, { ...patience, what: 'the table' });
  expect((await admin.query('select from resident_limits')).rowCount).toBe(0);
  expect(admins).toHaveLength(1);
});
