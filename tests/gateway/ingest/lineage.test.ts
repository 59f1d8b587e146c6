import { expect, test } from 'vitest';
import { judgeLineage } from '../../../gateway/ingest/lineage.ts';
import { parseLineage } from '../../../gateway/ingest/lineage-file.ts';
import { compareStreamIds, maxStreamId } from '../../../gateway/ingest/stream-id.ts';

const known = { lineage: 'a', lastId: '100-2' };

test.each([
  ['the first start', null, { lineage: 'b', lastId: '5-0' }, 'first'],
  ['the first start on an empty redis', null, { lineage: null, lastId: null }, 'first'],
  ['the same data, grown', known, { lineage: 'a', lastId: '100-3' }, 'same'],
  ['the same data', known, { lineage: 'a', lastId: '100-2' }, 'same'],
  ['nothing known of the stream', { lineage: 'a', lastId: null }, { lineage: 'a', lastId: null }, 'same'],
  ['an empty redis', known, { lineage: null, lastId: null }, 'replaced'],
  ["somebody else's data", known, { lineage: 'b', lastId: '999-0' }, 'replaced'],
  ['an unreadable file', 'damaged', { lineage: 'a', lastId: '100-2' }, 'replaced'],
  ['a backup', known, { lineage: 'a', lastId: '100-1' }, 'older'],
  ['a backup that has taken new alarms already', known, { lineage: 'a', lastId: '200-0', hasKnown: false }, 'older'],
  [
    'a stream that was trimmed since',
    known,
    { lineage: 'a', lastId: '200-0', hasKnown: false, isKnownYoung: false },
    'same',
  ],
  [
    'a stream that never held an entry',
    { lineage: 'a', lastId: '0-0' },
    { lineage: 'a', lastId: '0-0', hasKnown: false },
    'same',
  ],
  ['a lost stream', known, { lineage: 'a', lastId: null }, 'older'],
] as const)('%s is judged', (_, before, seen, verdict) => {
  expect(judgeLineage(before, { hasKnown: true, isKnownYoung: true, ...seen })).toBe(verdict);
});

test('stream ids are compared as numbers', () => {
  expect(compareStreamIds('9-0', '10-0')).toBe(-1);
  expect(compareStreamIds('10-9', '10-10')).toBe(-1);
  expect(compareStreamIds('1753000000000-0', '1753000000000-0')).toBe(0);
  expect(maxStreamId('9-5', '10-0')).toBe('10-0');
  expect(maxStreamId(null, '1-1')).toBe('1-1');
});

test('a file that is not ours is damaged, not a crash', () => {
  for (const text of ['', '{', 'null', '[]', '{"lineage":1,"lastId":null}', '{"lineage":"a"}']) {
    expect(parseLineage(text)).toBe('damaged');
  }
  expect(parseLineage('{"lineage":"a","lastId":"1-0"}')).toEqual({ lineage: 'a', lastId: '1-0' });
});
