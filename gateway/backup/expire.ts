import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^zhuji-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.sql\.gz(\.part)?$/;
const DAY_MS = 24 * 60 * 60 * 1000;
/** What is not whole after so long was left by a backup that died. Chosen. */
const PART_DAYS = 1;

/** `zhuji-20261122T032000Z.sql.gz`: UTC, so that names stand in the order of time. */
export function formatBackupName(nowMs: number): string {
  return `zhuji-${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}.sql.gz`;
}

/** Backups that are older than so many days, and what dead ones left; never the newest whole one, and nothing of another name. Pure. */
export function planExpiry(names: readonly string[], nowMs: number, keepDays: number): string[] {
  const dated = names.flatMap((name) => {
    const [, year, month, day, hour, minute, second, part] = NAME.exec(name) ?? [];
    if (year === undefined) return [];
    const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    return [{ name, atMs, isWhole: part === undefined }];
  });
  const newest = Math.max(...dated.filter(({ isWhole }) => isWhole).map(({ atMs }) => atMs));
  const isOld = (atMs: number, days: number): boolean => atMs < nowMs - days * DAY_MS;
  const gone = dated.filter(({ atMs, isWhole }) =>
    isWhole ? atMs < newest && isOld(atMs, keepDays) : isOld(atMs, PART_DAYS),
  );
  return gone.map(({ name }) => name);
}

/** Personal data must not live on in old backups (design §7). Answers the names that are gone. */
export async function expireBackups(folder: string, nowMs: number, keepDays: number): Promise<string[]> {
  const old = planExpiry(await readdir(folder), nowMs, keepDays);
  for (const name of old) await rm(join(folder, name));
  return old;
}
