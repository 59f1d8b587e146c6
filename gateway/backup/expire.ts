import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^zhuji-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.sql\.gz$/;
const DAY_MS = 24 * 60 * 60 * 1000;

/** `zhuji-20261122T032000Z.sql.gz`: UTC, so that names stand in the order of time. */
export function formatBackupName(nowMs: number): string {
  return `zhuji-${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}.sql.gz`;
}

/** Backups that are older than so many days; never the newest, and nothing of another name. Pure. */
export function planExpiry(names: readonly string[], nowMs: number, keepDays: number): string[] {
  const dated = names.flatMap((name) => {
    const [, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
    return year === undefined
      ? []
      : [{ name, atMs: Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) }];
  });
  const newest = Math.max(...dated.map(({ atMs }) => atMs));
  return dated.flatMap(({ name, atMs }) => (atMs < newest && atMs < nowMs - keepDays * DAY_MS ? [name] : []));
}

/** Personal data must not live on in old backups (design §7). Answers the names that are gone. */
export async function expireBackups(folder: string, nowMs: number, keepDays: number): Promise<string[]> {
  const old = planExpiry(await readdir(folder), nowMs, keepDays);
  for (const name of old) await rm(join(folder, name));
  return old;
}
