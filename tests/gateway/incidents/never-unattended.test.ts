import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALARM_TYPES, type AlarmType, type Priority } from '../../../devices/alarm-types.ts';
import { calcSpanMs, dueAt, SHELVE_LIMIT_MS } from '../../../gateway/incidents/deadlines.ts';
import { INCIDENT_EVENTS, type IncidentEventName } from '../../../gateway/incidents/machine.ts';
import { planDue } from '../../../gateway/escalation/plan-due.ts';
import { NOBODY } from '../../../gateway/escalation/reach.ts';
import { isOpen, type IncidentRecord, type OpenState } from '../../../gateway/incidents/record.ts';
import { applyEvent } from '../../../gateway/incidents/transition.ts';
import { HOUR, MINUTE, NOW, openIncident, SECOND } from './build.ts';

const OPEN_STATES = [
  'open',
  'claimed',
  'dispatched',
  'accepted',
  'arrived',
  'with-person',
  'handed-over',
  'shelved',
] as const satisfies readonly OpenState[];

const priority = fc.constantFrom<Priority>(1, 2, 3, 4, 5);
const type = fc.constantFrom(...(Object.keys(ALARM_TYPES) as AlarmType[]));
/** A wall clock that stands, runs, and jumps by hours either way. */
const jump = fc.oneof(fc.integer({ min: 0, max: 20 * MINUTE }), fc.integer({ min: -30 * HOUR, max: 30 * HOUR }));
const happening = fc.record({
  event: fc.oneof(
    fc.constantFrom<IncidentEventName>(...INCIDENT_EVENTS),
    fc.constantFrom<IncidentEventName>('join', 'claim', 'step', 'deadline', 'release'),
  ),
  jump,
  ownerId: fc.constantFrom('u1', 'u2'),
  press: fc.record({ type, priority, flags: fc.constant([]) }),
});

/** Also states that no action reaches yet, with promises and shelves that nobody should have believed. */
const begin = fc
  .record({
    state: fc.constantFrom(...OPEN_STATES),
    type,
    priority,
    promisedAt: fc.option(fc.integer({ min: NOW - 100 * HOUR, max: NOW + 10_000 * HOUR })),
    shelvedUntil: fc.option(fc.integer({ min: NOW - 100 * HOUR, max: NOW + 10_000 * HOUR })),
  })
  .map((given) => openIncident({ ...given, ownerId: given.state === 'open' ? null : 'u1' }));

function longestMs(incident: IncidentRecord): number {
  const { priority: urgency } = incident;
  const longest = Math.max(...OPEN_STATES.map((state) => calcSpanMs(state, urgency)));
  return Math.max(longest + 2 * HOUR, SHELVE_LIMIT_MS[urgency]);
}

function step(
  incident: IncidentRecord,
  happened: { event: IncidentEventName } & Record<string, unknown>,
  nowMs: number,
) {
  if (happened.event !== 'deadline') return applyEvent(incident, happened.event, { ...happened, nowMs })?.incident;
  return isOpen(incident) ? planDue(incident, () => NOBODY, nowMs)?.incidents[0]?.record : undefined;
}

describe('P3 never unattended', () => {
  test('in every state that any sequence of events reaches, an open incident has a deadline that is near', () => {
    fc.assert(
      fc.property(begin, fc.array(happening, { maxLength: 40 }), (first, happenings) => {
        let incident: IncidentRecord = first;
        let nowMs = NOW;
        for (const happened of happenings) {
          nowMs += happened.jump;
          incident = step(incident, happened, nowMs) ?? incident;
          if (!isOpen(incident)) continue;
          const due = dueAt(incident);
          expect(Number.isFinite(due.at)).toBe(true);
          expect(due.step).not.toBe('');
          // Seen from the incident's own time, whatever the wall clock says.
          expect(due.at - incident.updatedAt).toBeLessThanOrEqual(due.spanMs);
          expect(due.spanMs).toBeLessThanOrEqual(longestMs(incident));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a deadline that fires rings and lies further on afterwards: it never fires at every tick', () => {
    fc.assert(
      fc.property(begin, fc.array(happening, { maxLength: 20 }), (first, happenings) => {
        let incident: IncidentRecord = first;
        let nowMs = NOW;
        for (const happened of happenings) {
          nowMs += happened.jump;
          incident = step(incident, happened, nowMs) ?? incident;
          if (!isOpen(incident)) continue;
          const due = dueAt(incident);
          const after = planDue(incident, () => NOBODY, nowMs)?.incidents[0]?.record;
          if (after === undefined || !isOpen(after)) throw new Error('a deadline closed an incident or was refused');
          expect(after.ringing).toBe(true);
          const next = dueAt(after);
          expect(next.at).toBeGreaterThan(due.at);
          expect(next.at - after.updatedAt).toBeGreaterThanOrEqual(SECOND);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('nothing lowers a priority, a count of presses or a version, and only a closing resolves', () => {
    fc.assert(
      fc.property(begin, fc.array(happening, { maxLength: 40 }), (first, happenings) => {
        let incident: IncidentRecord = first;
        let nowMs = NOW;
        for (const happened of happenings) {
          nowMs += happened.jump;
          const after = step(incident, happened, nowMs) ?? incident;
          expect(after.priority).toBeLessThanOrEqual(incident.priority);
          expect(after.presses).toBe(incident.presses + (after !== incident && happened.event === 'join' ? 1 : 0));
          expect(after.version).toBe(after === incident ? incident.version : incident.version + 1);
          if (after !== incident) expect(after.updatedAt).toBeGreaterThan(incident.updatedAt);
          if (isOpen(incident) && !isOpen(after)) expect(['resolve', 'restore']).toContain(happened.event);
          if (!isOpen(incident) && isOpen(after)) expect(happened.event).toBe('reopen');
          incident = after;
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each(OPEN_STATES)('while %s its deadline is the table’s', (state) => {
    const spans = {
      open: 15 * SECOND,
      claimed: 60 * SECOND,
      dispatched: 30 * SECOND,
      accepted: 8 * MINUTE + 5 * MINUTE,
      arrived: 3 * MINUTE,
      'with-person': 15 * MINUTE,
      'handed-over': 10 * MINUTE,
      shelved: 20 * MINUTE,
    };
    const incident = openIncident({ state, promisedAt: NOW + 8 * MINUTE, shelvedUntil: NOW + 20 * MINUTE });
    expect(dueAt(incident).at - NOW).toBe(spans[state]);
  });

  test('priority 2 has four times the span, 3 half an hour, 4 and 5 four hours, in every state', () => {
    for (const state of ['open', 'claimed', 'arrived'] as const) {
      const one = calcSpanMs(state, 1);
      expect([2, 3, 4, 5].map((each) => calcSpanMs(state, each as Priority))).toEqual([
        4 * one,
        30 * MINUTE,
        4 * HOUR,
        4 * HOUR,
      ]);
    }
  });

  test('a shelf is never longer than half an hour for priority 1 and 2, and a day below', () => {
    for (const [urgency, limit] of [
      [1, 30 * MINUTE],
      [2, 30 * MINUTE],
      [3, 24 * HOUR],
      [4, 24 * HOUR],
    ] as const) {
      const shelved = openIncident({ state: 'shelved', priority: urgency, shelvedUntil: NOW + 1000 * HOUR });
      expect(dueAt(shelved).at - NOW).toBe(limit);
    }
  });

  test('a promise beyond belief is believed for two hours once, not again at each ring', () => {
    const accepted = openIncident({ state: 'accepted', promisedAt: NOW + 100_000 * HOUR });
    expect(dueAt(accepted).at).toBe(NOW + 2 * HOUR + 5 * MINUTE);
    const [rung] = planDue(accepted, () => NOBODY, NOW + 2 * HOUR + 5 * MINUTE)?.incidents ?? [];
    if (rung === undefined || !isOpen(rung.record)) throw new Error('it does not ring');
    expect(dueAt(rung.record).at).toBe(NOW + 2 * HOUR + 10 * MINUTE);
  });

  test('an open page is no progress, a logged step is', () => {
    const claimed = openIncident({ state: 'claimed', ownerId: 'u1' });
    const seen = applyEvent(claimed, 'seen', { nowMs: NOW + 30 * SECOND })?.incident;
    const stepped = applyEvent(claimed, 'step', { nowMs: NOW + 30 * SECOND })?.incident;
    if (seen === undefined || stepped === undefined || !isOpen(seen) || !isOpen(stepped)) throw new Error('refused');
    expect(dueAt(seen).at).toBe(NOW + 60 * SECOND);
    expect(dueAt(stepped).at).toBe(NOW + 90 * SECOND);
  });
});
