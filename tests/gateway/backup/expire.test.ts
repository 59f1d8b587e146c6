import { expect, test } from 'vitest';
import { formatBackupName, planExpiry } from '../../../gateway/backup/expire.ts';

const NOW = Date.parse('2026-11-22T03:20:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;
const old = (days: number): string => formatBackupName(NOW - days * DAY_MS);

test('backups older than they may be go, whatever else lies in the folder stays', () => {
  expect(formatBackupName(NOW)).toBe('zhuji-20261122T032000Z.sql.gz');
  const strangers = ['erasures.log', 'zhuji-1.sql.gz', `${old(99)}.asc`, 'audit-heads.log'];
  expect(planExpiry([old(0), old(29), old(30), old(31), old(400), ...strangers], NOW, 30)).toEqual([old(31), old(400)]);
});

test('what a dead backup left goes after a day, and is never taken for the newest', () => {
  const parts = [`${old(0)}.part`, `${old(0.9)}.part`, `${old(2)}.part`, `${old(99)}.part`];
  expect(planExpiry([old(60), ...parts], NOW, 30)).toEqual([`${old(2)}.part`, `${old(99)}.part`]);
});

test('the newest stays however old it is', () => {
  expect(planExpiry([old(90), old(60)], NOW, 30)).toEqual([old(90)]);
  expect(planExpiry([], NOW, 30)).toEqual([]);
});
