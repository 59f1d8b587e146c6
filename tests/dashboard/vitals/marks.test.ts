import { expect, test } from 'vitest';
import { leadOf, listMarks, marksNear, pickMarks, placeMarks, type Mark } from '../../../dashboard/vitals/marks.ts';
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

const mark = (id: string, atMs: number, isOwn = false, isMinor = false): Mark => ({
  id,
  atMs,
  type: 'sos',
  isOwn,
  isMinor,
});

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

test('what nobody was in danger by is minor, but never in the case that is worked on', () => {
  const cases = [
    buildIncident({ id: 'fall', type: 'fall', priority: 1, openedAt: iso(T0) }),
    buildIncident({ id: 'vitals', type: 'vitals', priority: 2, openedAt: iso(T0 + 1) }),
    buildIncident({ id: 'service', type: 'service', priority: 3, openedAt: iso(T0 + 2) }),
    buildIncident({ id: 'silent', type: 'silent', priority: 4, openedAt: iso(T0 + 3) }),
  ];
  const minor = (own: string) =>
    listMarks('res-1', { incidentId: own, alarms: [] }, cases).flatMap(({ id, isMinor }) => (isMinor ? [id] : []));
  expect(minor('')).toEqual(['service', 'silent']);
  expect(minor('silent')).toEqual(['service']);
});

test('of marks at one place the own case speaks, then what was grave', () => {
  const grave = mark('grave', 12);
  const own = mark('own', 13, true);
  const minor = mark('minor', 10, false, true);
  expect(leadOf([minor, grave, own])).toBe(own);
  expect(leadOf([minor, grave])).toBe(grave);
  expect(leadOf([])).toBeUndefined();
  const place = (marks: readonly Mark[]) => placeMarks(marks, (ms) => ms, { left: 0, right: 100, nearPx: 5 });
  expect(place([minor, grave])[0]).toMatchObject({ isMinor: false, isOwn: false });
  expect(place([minor])[0]).toMatchObject({ isMinor: true });
});

test('where not all have room no minor one stands before a grave one, and the newest stay', () => {
  const marks = [mark('g1', 1), mark('m2', 2, false, true), mark('g3', 3), mark('m4', 4, false, true), mark('g5', 5)];
  const picked = (most: number) => pickMarks(marks, most).map(({ id }) => id);
  expect(picked(2)).toEqual(['g3', 'g5']);
  expect(picked(4)).toEqual(['g1', 'g3', 'm4', 'g5']);
  expect(picked(9)).toEqual(['g1', 'm2', 'g3', 'm4', 'g5']);
});

test('what lies under the mouse is named, the nearest first', () => {
  const marks = [mark('a', 100), mark('b', 140), mark('c', 160), mark('d', 300)];
  expect(marksNear(marks, 150, 20).map(({ id }) => id)).toEqual(['b', 'c']);
  expect(marksNear(marks, 158, 20).map(({ id }) => id)).toEqual(['c', 'b']);
  expect(marksNear(marks, 220, 20)).toEqual([]);
});
