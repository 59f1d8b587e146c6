import { expect, test } from 'vitest';
import { limitNotes, skippedLine, unansweredNotes } from '../../../scripts/bench/row.ts';

test('a generator that had no processor left is said to be the limit', () => {
  expect(limitNotes('x', [{ cpu: 0.4, lagP99Ms: 1 }])).toEqual([]);
  const notes = limitNotes('x', [
    { cpu: 0.4, lagP99Ms: 1 },
    { cpu: 0.97, lagP99Ms: 1 },
  ]);
  expect(notes).toEqual(['x: the generator used 97 % of a processor and may be the limit']);
});

test('a generator that sent late is said to have', () => {
  expect(limitNotes('x', [{ cpu: 0.1, lagP99Ms: 7.25 }])).toEqual(['x: the generator sent up to 7.3 ms late (p99)']);
});

test('a press that nobody answered is told', () => {
  expect(unansweredNotes('x', [{ alarmsSent: 10, alarmsAcked: 10 }])).toEqual([]);
  const runs = [
    { alarmsSent: 10, alarmsAcked: 9 },
    { alarmsSent: 10, alarmsAcked: 8 },
  ];
  expect(unansweredNotes('x', runs)).toEqual(['x: 3 presses were not answered within ten seconds after the last']);
});

test('what was skipped is seen in the table and says why', () => {
  expect(skippedLine('painted', 'there is no chromium')).toMatchObject({
    ours: 'skipped',
    ratio: null,
    notes: ['painted: skipped, there is no chromium'],
  });
});
