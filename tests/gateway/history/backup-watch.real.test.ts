import { expect, test } from 'vitest';
import { createBackupWatch, saveBackupTime } from '../../../gateway/history/backup-watch.ts';
import { writeBackup } from '../../../gateway/backup/write-backup.ts';
import { systemSubject } from '../../../gateway/telemetry/system-alarms.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { NOW } from '../incidents/build.ts';
import { openHistory, openPool, writeCase } from './world.ts';

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

test('whoever closes the case although there is no newer backup has a day of peace, also from a gateway that started since', async () => {
  const { pool, redis, takeAll } = await openHistory();
  const client = await pool.connect();
  await saveBackupTime(client, NOW - 5 * DAY_MS);
  client.release();
  const look = async (nowMs: number): Promise<readonly string[]> => {
    const told: string[] = [];
    const alarms = {
      raise: (code: string) => void told.push(code),
      restore: (code: string) => void told.push(`${code} over`),
    };
    await createBackupWatch({ pool, alarms, clock: { nowMs: () => nowMs } })();
    return told;
  };
  const close = async (code: string): Promise<void> => {
    await writeCase(redis, { type: 'system', subject: systemSubject(code) });
    await takeAll();
  };
  await close('disk-low');
  expect(await look(NOW + 1)).toEqual(['backup-late']);
  await close('backup-late');
  expect(await look(NOW + 1)).toEqual([]);
  expect(await look(NOW + DAY_MS - 1)).toEqual([]);
  expect(await look(NOW + DAY_MS)).toEqual(['backup-late']);
});
