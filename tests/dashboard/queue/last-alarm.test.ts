import { expect, test } from 'vitest';
import { calcLastAlarmAt } from '../../../dashboard/queue/last-alarm.ts';
import { moveSelection } from '../../../dashboard/queue/selection.ts';
import { buildIncident, iso, T0 } from '../build-incident.ts';

test('the last alarm is that of a person, open or closed; batteries and tests do not count', () => {
  const at = (id: string, ms: number, changes = {}) => buildIncident({ id, openedAt: iso(T0 + ms), ...changes });
  expect(calcLastAlarmAt([])).toBeNull();
  expect(
    calcLastAlarmAt([
      at('a', 0, { state: 'resolved' }),
      at('b', 5000),
      at('c', 9000, { type: 'low-battery', priority: 4 }),
      at('d', 9000, { type: 'test', priority: 5 }),
    ]),
  ).toBe(T0 + 5000);
});

test('moving starts at the near end, stops at the edges and survives a row that left', () => {
  expect(moveSelection([], null, 1)).toBeNull();
  expect(moveSelection(['a', 'b'], null, 1)).toBe('a');
  expect(moveSelection(['a', 'b'], null, -1)).toBe('b');
  expect(moveSelection(['a', 'b'], 'a', 1)).toBe('b');
  expect(moveSelection(['a', 'b'], 'b', 1)).toBe('b');
  expect(moveSelection(['a', 'b'], 'gone', 1)).toBe('a');
});
