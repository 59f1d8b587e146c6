import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareUrgency, sortQueues } from '../../../dashboard/queue/order.ts';
import { TYPES, type AlarmType } from '../../../dashboard/queue/types.ts';
import { ALARM_TYPES } from '../../../devices/alarm-types.ts';
import { buildIncident, iso, T0 } from '../build-incident.ts';

const at = (id: string, ageS: number, changes = {}) =>
  buildIncident({ id, openedAt: iso(T0 - ageS * 1000), ...changes });
const orderOf = (...incidents: ReturnType<typeof buildIncident>[]) => sortQueues(incidents).people.map(({ id }) => id);

test('priority, then second press, fall and smoke inside priority 1, then age', () => {
  const order = orderOf(
    at('urgent-old', 900, { type: 'water', priority: 2 }),
    at('sos-old', 300),
    at('sos-new', 5),
    at('fall', 60, { type: 'fall' }),
    at('smoke', 30, { type: 'smoke' }),
    at('twice', 45, { presses: 2 }),
    at('service', 7000, { type: 'service', priority: 3 }),
  );
  expect(order).toEqual(['fall', 'twice', 'smoke', 'sos-old', 'sos-new', 'urgent-old', 'service']);
});

test('an unproven sender stands after the proven ones of its priority, even with many presses', () => {
  const order = orderOf(
    at('unknown', 900, { flags: ['unregistered'], presses: 50, type: 'fall' }),
    at('known', 1),
    at('urgent', 900, { type: 'water', priority: 2 }),
  );
  expect(order).toEqual(['known', 'unknown', 'urgent']);
});

test('technical matters have their own queue, but an alarm that could not be read stands among the people', () => {
  const queues = sortQueues([
    at('battery', 9, { type: 'low-battery', priority: 4 }),
    at('unreadable', 9, { type: 'unprocessed', priority: 1 }),
    at('done', 9, { state: 'resolved' }),
  ]);
  expect(queues.people.map(({ id }) => id)).toEqual(['unreadable']);
  expect(queues.technical.map(({ id }) => id)).toEqual(['battery']);
  expect(queues.closed.map(({ id }) => id)).toEqual(['done']);
});

test('the order is the same whatever order they came in', () => {
  const incident = fc.record({
    id: fc.uuid(),
    type: fc.constantFrom(...(Object.keys(TYPES) as AlarmType[])),
    priority: fc.integer({ min: 1, max: 5 }),
    presses: fc.integer({ min: 1, max: 3 }),
    openedAt: fc.integer({ min: 0, max: 5 }).map((s) => iso(T0 + s * 1000)),
  });
  fc.assert(
    fc.property(fc.uniqueArray(incident, { selector: ({ id }) => id }), (changes) => {
      const incidents = changes.map((change) => buildIncident(change));
      const [forward, backward] = [sortQueues(incidents), sortQueues(incidents.toReversed())];
      expect(forward).toEqual(backward);
      for (const { priority } of forward.people.slice(0, -1)) expect(priority).toBeGreaterThanOrEqual(1);
      const { people } = forward;
      people.slice(1).forEach((later, i) => expect(compareUrgency(people[i] ?? later, later)).toBeLessThanOrEqual(0));
    }),
  );
});

test("the table of types agrees with the gateway's lanes", () => {
  for (const [type, { lane }] of Object.entries(ALARM_TYPES)) {
    expect(TYPES[type as AlarmType].isTechnical, type).toBe(lane === 'technical');
  }
});

test('a type that only a newer gateway knows is taken for one about a person', () => {
  expect(orderOf(at('new', 1, { type: 'heart-attack' }))).toEqual(['new']);
});
