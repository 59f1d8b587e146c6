import { expect, test } from 'vitest';
import { createBackupWatch } from '../../../gateway/history/backup-watch.ts';
import { writeBackup } from '../../../gateway/backup/write-backup.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { openPool } from './world.ts';

const AT = Date.parse('2026-11-20T03:20:00Z');
const DAY_MS = 24 * 60 * 60_000;

test('where backups were made, one that is late is told until there is a newer one; a failed one counts for nothing', async () => {
  const { databaseUrl } = await createDatabase();
  let nowMs = AT;
  const told: string[] = [];
  const look = createBackupWatch({
    pool: openPool(databaseUrl),
    alarms: {
      raise: (code, facts) => void told.push(`${code} ${facts?.['days']}`),
      restore: (code) => void told.push(`${code} over`),
    },
    clock: { nowMs: () => nowMs },
  });
  const folder = await scratchDir();
  const backUp = (name: string) => writeBackup({ databaseUrl, path: `${folder}/${name}`, actor: 'local:0', nowMs });

  nowMs = AT + 99 * DAY_MS;
  await look();
  expect(told).toEqual([]);

  nowMs = AT;
  await backUp('one.sql.gz');
  nowMs = AT + 2 * DAY_MS - 1;
  await look();
  nowMs += 1;
  await expect(backUp('no-such-folder/two.sql.gz')).rejects.toThrow('ENOENT');
  await look();
  nowMs += DAY_MS;
  await look();
  await backUp('three.sql.gz');
  await look();
  expect(told).toEqual(['backup-late over', 'backup-late 2', 'backup-late 3', 'backup-late over']);
});
