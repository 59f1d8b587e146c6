import { expect, test } from 'vitest';
import { formatBackupName, planExpiry } from '../../../gateway/backup/expire.ts';

const NOW = Date.parse('2026-11-22T03:20:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;
const old = (days: number): string => formatBackupName(NOW - days * DAY_MS);

test('backups older than they may be go, whatever else lies in the folder stays', () => {
  expect(formatBackupName(NOW)).toBe('zhuji-20261122T032000Z.sql.gz');
  const strangers = [
    'erasures.log',
    'zhuji-20200101T000000Z.sql.gz.part',
    'zhuji-1.sql.gz',
    `${old(99)}.asc`,
    'audit-heads.log',
  ];
  expect(planExpiry([old(0), old(29), old(30), old(31), old(400), ...strangers], NOW, 30)).toEqual([old(31), old(400)]);
});

test('the newest stays however old it is', () => {
  expect(planExpiry([old(90), old(60)], NOW, 30)).toEqual([old(90)]);
  expect(planExpiry([], NOW, 30)).toEqual([]);
});
