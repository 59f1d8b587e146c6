import { expect, test } from 'vitest';
import { formatListed, parseListed, planAdditions, planAgain } from '../../../gateway/history/erasure-list.ts';

const wang = { residentId: 'r-wang', atMs: Date.parse('2026-11-01T00:00:00.123Z'), by: 'user:u-1', ground: 'PIPL 47' };
const li = { ...wang, residentId: 'r-li' };

test('an erasure that the database has done and the list has not is added, once', () => {
  expect(planAdditions([wang, li], [li])).toEqual([wang]);
  expect(planAdditions([wang, li], [wang, li])).toEqual([]);
  const again = { ...wang, atMs: wang.atMs + 1 };
  expect(planAdditions([wang, again], [wang])).toEqual([again]);
});

test('whom the list has and the database has not erased since is erased again, by the last word about them', () => {
  const later = { ...wang, atMs: wang.atMs + 1, ground: 'again' };
  expect(planAgain([], [wang, li, later, wang])).toEqual([later, li]);
  expect(planAgain([wang], [wang, later])).toEqual([later]);
  // One that was done again stands at a later time.
  expect(planAgain([{ ...wang, atMs: wang.atMs + 5 }], [wang])).toEqual([]);
  expect(planAgain([{ ...li, atMs: li.atMs + 5 }], [wang, li])).toEqual([wang]);
});

test('a line is read as it was written, and what is no erasure is none', () => {
  expect(parseListed(formatListed(wang))).toEqual(wang);
  for (const line of [
    '',
    '{',
    'null',
    '[]',
    '{"residentId":1}',
    '{"residentId":"r","at":"2026-11-01T00:00:00Z","by":"b"}',
    '{"residentId":"r","at":"never","by":"b","ground":"g"}',
  ]) {
    expect(parseListed(line)).toBeNull();
  }
});
