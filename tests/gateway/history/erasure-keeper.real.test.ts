import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createErasureKeeper, formatListed } from '../../../gateway/history/erasure-list.ts';
import { appendLine } from '../../../gateway/history/head-file.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { silent } from '../incidents/world.ts';
import { openPool } from './world.ts';

const wang = { residentId: 'r-wang', atMs: 1_795_000_000_000, by: 'user:u-1', ground: 'PIPL 47' };
const li = { ...wang, residentId: 'r-li' };

test('a list on a disk that comes late is heeded, and one that cannot be read does not hide the other', async () => {
  const { databaseUrl } = await createDatabase();
  const pool = openPool(databaseUrl);
  await pool.query(
    `insert into erasures (resident_id, erased_at, by_actor, ground, counts, incident_ids, event_ids)
     values ('r-li', to_timestamp($1 / 1000.0), $2, $3, '{}', '{}', '{}')`,
    [li.atMs, li.by, li.ground],
  );
  const folder = await scratchDir();
  const [own, other, elsewhere] = [
    join(folder, 'own.log'),
    join(folder, 'disk', 'other.log'),
    join(folder, 'late.log'),
  ];
  await writeFile(elsewhere, `${formatListed(wang)}\n`);
  const erased: string[] = [];
  const keep = createErasureKeeper({
    pool,
    paths: [own, other],
    erase: ({ residentId }) => {
      erased.push(residentId);
      return Promise.resolve({ counts: {} } as never);
    },
    clock: { monoMs: () => 0 },
    logger: silent,
  });

  await keep();
  expect(erased).toEqual([]);
  for (const path of [own, other]) expect(await readFile(path, 'utf8')).toBe(`${formatListed(li)}\n`);

  // The disk is mounted over the folder.
  await rename(elsewhere, other);
  await keep();
  expect(erased).toEqual(['r-wang']);
  expect(await readFile(other, 'utf8')).toBe(`${formatListed(wang)}\n${formatListed(li)}\n`);

  await rename(own, join(folder, 'aside.log'));
  await mkdir(own);
  await expect(keep()).rejects.toThrow('EISDIR');
  expect(erased).toEqual(['r-wang', 'r-wang']);
});

test('whose erasure fails is tried again after a pause that grows, and keeps nobody else and no list from it', async () => {
  const { databaseUrl } = await createDatabase();
  const folder = await scratchDir();
  const [list, late] = [join(folder, 'erasures.log'), join(folder, 'late.log')];
  await writeFile(list, `${formatListed(wang)}\n${formatListed(li)}\n`);
  let monoMs = 0;
  const tried: string[] = [];
  const pool = openPool(databaseUrl);
  const keep = createErasureKeeper({
    pool,
    paths: [list, late],
    erase: async ({ residentId, by, ground }) => {
      tried.push(`${residentId} ${monoMs / 1000}`);
      if (residentId === wang.residentId) throw new Error('timeout');
      await pool.query(
        `insert into erasures (resident_id, erased_at, by_actor, ground, counts, incident_ids, event_ids)
         values ($1, to_timestamp($2 / 1000.0), $3, $4, '{}', '{}', '{}')`,
        [residentId, li.atMs, by, ground],
      );
      return { counts: {} } as never;
    },
    clock: { monoMs: () => monoMs },
    logger: silent,
  });
  let faults = 0;
  for (; monoMs <= 220_000; monoMs += 5000) {
    await keep().catch((error: unknown) => {
      expect(error).toMatchObject({ message: 'timeout' });
      faults += 1;
    });
  }
  expect(tried).toEqual(['r-wang 0', 'r-li 5', 'r-wang 30', 'r-wang 90', 'r-wang 210']);
  expect(faults).toBe(4);
  expect(await readFile(late, 'utf8')).toContain('r-li');
});

test('whoever was erased on a ground with line breaks of any kind is erased again', async () => {
  const { databaseUrl } = await createDatabase();
  const folder = await scratchDir();
  const [list, edited] = [join(folder, 'erasures.log'), join(folder, 'edited.log')];
  const ground = 'PIPL\u2028article 47\u2029point 3\r\nasked\rby\u0085herself';
  await appendLine(list, formatListed({ ...wang, ground }));
  // As a hand on another computer leaves it, cut short at its end.
  await writeFile(
    edited,
    `${formatListed({ ...li, ground })}\r\n${formatListed({ ...li, residentId: 'r-zhao', ground })}`,
  );
  const again: string[] = [];
  const keep = createErasureKeeper({
    pool: openPool(databaseUrl),
    paths: [list, edited],
    erase: (order) => {
      again.push(`${order.residentId} ${order.ground}`);
      return Promise.resolve({ counts: {} } as never);
    },
    clock: { monoMs: () => 0 },
    logger: silent,
  });
  await keep();
  expect(again).toEqual(['r-wang', 'r-li', 'r-zhao'].map((id) => `${id} ${ground} (again, after a restore)`));
});
