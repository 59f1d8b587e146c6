import { expect, test } from 'vitest';
import { checkTables } from '../../../gateway/history/check-tables.ts';
import { eraseRows } from '../../../gateway/history/erase-rows.ts';
import { inTransaction, type Queryable } from '../../../gateway/store/postgres.ts';
import { openHistory, writeCase, type HistoryWorld } from './world.ts';

type Asked = { readonly text: string; readonly values: readonly unknown[] | undefined };

/** Runs `work` and answers which of its statements read the incidents row by row, even where that is the last resort. */
async function listScans({ pool }: HistoryWorld, work: (db: Queryable) => Promise<unknown>): Promise<string[]> {
  return inTransaction(pool, 'test', async (db) => {
    const asked: Asked[] = [];
    const listening: Queryable = {
      query: (text, values) => {
        if (/(from|update) incidents\b/.test(text)) asked.push({ text, values });
        return db.query(text, values);
      },
    };
    await work(listening);
    await db.query('set local enable_seqscan = off');
    const scans: string[] = [];
    for (const { text, values } of asked) {
      const { rows } = await db.query(`explain ${text}`, values);
      if (/Seq Scan on incidents|= ANY \(.*candidates\)/.test(JSON.stringify(rows))) scans.push(text);
    }
    expect(asked.length).toBeGreaterThan(1);
    return scans;
  });
}

test('a piece of the chain is held against the cases that it brought, not against all', async () => {
  const world = await openHistory();
  await writeCase(world.redis);
  await world.takeAll();
  const part = { from: '1', to: '5', isEnd: false };
  expect(await listScans(world, (db) => checkTables(db, [], part))).toEqual([]);
});

test('the cases of a person who is erased are found without reading all', async () => {
  const world = await openHistory();
  await world.rows(`insert into homes (id, address) values ('h-1', 'road 1')`);
  await world.rows(`insert into residents (id, home_id, name) values ('r-1', 'h-1', 'Wang')`);
  await writeCase(world.redis, { residentId: 'r-1' });
  await world.takeAll();
  const order = { residentId: 'r-1', by: 'user:u1', ground: 'asked for', nowMs: Date.now() };
  expect(await listScans(world, (db) => eraseRows(db, order))).toEqual([]);
});
