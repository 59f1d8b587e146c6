import { expect, test } from 'vitest';
import { listMarks, placeMarks, type Mark } from '../../../dashboard/vitals/marks.ts';
import { buildIncident, iso, T0 } from '../build-incident.ts';

const alarm = (id: string, atMs: number, changes: { kind?: 'alarm' | 'cancel' } = {}) => ({
  id,
  type: 'sos' as const,
  kind: 'alarm' as const,
  receivedAt: iso(atMs),
  ...changes,
});

test('each press of the own case, and the opening of every other of the same person', () => {
  const marks = listMarks('res-1', { incidentId: 'own', alarms: [alarm('a2', T0 + 2), alarm('a1', T0)] }, [
    buildIncident({ id: 'own' }),
    buildIncident({ id: 'earlier', type: 'fall', openedAt: iso(T0 - 5), state: 'resolved' }),
    buildIncident({ id: 'somebody-else', residentId: 'res-2' }),
  ]);
  expect(marks.map(({ id, isOwn }) => [id, isOwn])).toEqual([
    ['earlier', false],
    ['a1', true],
    ['a2', true],
  ]);
});

test('a cancel by the device is no alarm, and before its alarms are read the own case is marked as a whole', () => {
  const own = buildIncident({ id: 'own' });
  const cancelled = { incidentId: 'own', alarms: [alarm('c', T0, { kind: 'cancel' })] };
  expect(listMarks('res-1', cancelled, [own])).toMatchObject([{ id: 'own', isOwn: true }]);
  expect(listMarks('res-1', null, [own])).toMatchObject([{ id: 'own', isOwn: false }]);
});

const mark = (id: string, atMs: number, isOwn = false): Mark => ({ id, atMs, type: 'sos', isOwn });

test('marks that would lie on each other become one, which is the own case’s if any of them is', () => {
  const marks = [mark('out', -1), mark('a', 10), mark('b', 12, true), mark('c', 40), mark('far', 101)];
  const placed = placeMarks(marks, (ms) => ms, { left: 0, right: 100, nearPx: 5 });
  expect(placed.map(({ x, marks: at, isOwn }) => [x, at.map(({ id }) => id), isOwn])).toEqual([
    [10, ['a', 'b'], true],
    [40, ['c'], false],
  ]);
});

test('a time that has no place on the axis is left out', () => {
  expect(placeMarks([mark('a', 1)], () => Number.NaN, { left: 0, right: 100, nearPx: 5 })).toEqual([]);
});
