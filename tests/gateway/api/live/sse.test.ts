import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSse } from '../../../../gateway/api/live/sse.ts';

test('an event is its id, its name and one line of data', () => {
  expect(formatSse({ name: 'incident', id: '7-0', data: { a: 1 } })).toBe(
    'id: 7-0\nevent: incident\ndata: {"a":1}\n\n',
  );
  expect(formatSse({ name: 'status', data: {} })).toBe('event: status\ndata: {}\n\n');
});

test('no text that anybody wrote can begin a line of its own', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const lines = formatSse({ name: 'incident', id: '7-0', data: { text } }).split(/\r\n|\n|\r/);
      expect(lines).toHaveLength(5);
    }),
  );
});
