import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expireBackups, formatBackupName } from '../../../gateway/backup/expire.ts';
import { systemClock } from '../../../gateway/clock.ts';
import { defineCommand, UsageError } from '../command.ts';
import { loadConfigAndDatabase } from '../find-site.ts';

/** Design §7. */
const KEEP_DAYS = 30;

export const backup = defineCommand({
  name: 'backup',
  summary: 'Write everything that PostgreSQL keeps into one file, while the gateway goes on; old ones expire.',
  options: {
    to: { type: 'string', value: 'DIR', description: 'Folder for it, on another disk', required: true },
    'keep-days': {
      type: 'string',
      value: 'DAYS',
      description: `Backups in it that are older go, but never the newest (${KEEP_DAYS}): no person may live on in them`,
    },
  },
  run: async ({ env, json, print }, values) => {
    const keepDays = Number(values['keep-days'] ?? KEEP_DAYS);
    if (!Number.isInteger(keepDays) || keepDays < 1) throw new UsageError('--keep-days takes a whole number from 1 on');
    const { databaseUrl } = await loadConfigAndDatabase(env);
    // Loaded here alone: the other commands need nothing of it and start faster.
    const { writeBackup } = await import('../../../gateway/backup/write-backup.ts');
    const nowMs = systemClock.nowMs();
    await mkdir(values.to, { recursive: true, mode: 0o700 });
    const path = join(values.to, formatBackupName(nowMs));
    // Before, too: on a full disk nothing else would make room, and nobody may live on because a backup fails.
    const before = await expireBackups(values.to, nowMs, keepDays);
    const { rows } = await writeBackup({ databaseUrl, path, actor: `local:${process.getuid?.() ?? 0}`, nowMs });
    const expired = [...before, ...(await expireBackups(values.to, nowMs, keepDays))];
    const { size } = await stat(path);
    const count = Object.values(rows).reduce((sum, next) => sum + next, 0);
    if (json) print(JSON.stringify({ path, bytes: size, rows: count, expired }));
    else print(`${path}: ${count} rows, ${size} bytes; ${expired.length} older than ${keepDays} days removed.`);
    return 0;
  },
});
