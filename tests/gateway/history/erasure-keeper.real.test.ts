import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createErasureKeeper, formatListed } from '../../../gateway/history/erasure-list.ts';
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
