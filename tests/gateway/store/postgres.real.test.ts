import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createPool, inTransaction, queryRows } from '../../../gateway/store/postgres.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { createDatabase } from '../../harness/postgres.ts';

async function openPool(statementTimeoutMs = 5_000) {
  const { databaseUrl } = await createDatabase({ migrated: false });
  const logger = pino({ level: 'silent' });
  const pool = createPool({ databaseUrl, applicationName: 'test', logger, maxConnections: 1, statementTimeoutMs });
  afterwards(() => pool.end());
  return pool;
}

test('what a transaction throws rolls back, and its connection serves on', async () => {
  const pool = await openPool();
  await queryRows(pool, 'prepare', 'create table t (x int primary key)');
  const failing = inTransaction(pool, 'fail', async (db) => {
    await queryRows(db, 'insert', 'insert into t values (1)');
    throw new Error('changed our mind');
  });
  await expect(failing).rejects.toThrow('changed our mind');
  expect(await queryRows(pool, 'count', 'select * from t')).toEqual([]);
});

test('errors carry the name of the rule and not the value', async () => {
  const pool = await openPool();
  await queryRows(pool, 'prepare', 'create table t (x text primary key); insert into t values ($$MARK$$)');
  const doubled = queryRows(pool, 'insert', 'insert into t values ($1)', ['MARK']);
  const error: unknown = await doubled.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'conflict', constraint: 't_pkey' });
  expect(JSON.stringify(error) + String(error)).not.toContain('MARK');
  await expect(queryRows(pool, 'nul', 'insert into t values ($1)', ['a\0b'])).rejects.toMatchObject({
    code: 'bad-value',
  });
  await expect(queryRows(pool, 'typo', 'selekt')).rejects.toMatchObject({ code: 'failed', reason: '42601' });
});

test('a statement ends at its bound', async () => {
  const pool = await openPool(100);
  await expect(queryRows(pool, 'sleep', 'select pg_sleep(30)')).rejects.toMatchObject({ code: 'timeout' });
});

test('a connection that the server ends inside a transaction fails that one and not the process', async () => {
  const pool = await openPool();
  const cut = inTransaction(pool, 'cut', (db) => queryRows(db, 'cut', 'select pg_terminate_backend(pg_backend_pid())'));
  await expect(cut).rejects.toMatchObject({ code: 'unavailable' });
  expect(await queryRows(pool, 'again', 'select 1 as one')).toEqual([{ one: 1 }]);
});
