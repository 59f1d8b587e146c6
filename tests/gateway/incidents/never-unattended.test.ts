import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALARM_TYPES, type AlarmType, type Priority } from '../../../devices/alarm-types.ts';
import { calcSpanMs, dueAt, SHELVE_LIMIT_MS } from '../../../gateway/incidents/deadlines.ts';
import { INCIDENT_EVENTS, type IncidentEventName } from '../../../gateway/incidents/machine.ts';
import { planDue, type Reach } from '../../../gateway/escalation/plan-due.ts';
import { planLapse } from '../../../gateway/escalation/plan-lapse.ts';
import { choosePolicy } from '../../../gateway/escalation/policies.ts';
import { NOBODY } from '../../../gateway/escalation/reach.ts';
import { isOpen, type IncidentRecord, type OpenIncident, type OpenState } from '../../../gateway/incidents/record.ts';
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
const policy = fc
  .tuple(type, priority)
  .map(([kind, urgency]) =>
    choosePolicy({ type: kind, lane: 'emergency', priority: urgency, region: null, residentId: null }),
  );
/** Who is there when a step fires: nobody, everybody, or the one and not the other. */
const present = fc.constantFrom<Reach>(
  () => NOBODY,
  (target) => (target === 'duty-helpers' ? { ...NOBODY, notify: [{ kind: 'user', id: 'h1' }] } : NOBODY),
  (target) => (target === 'contacts' ? { ...NOBODY, notify: [{ kind: 'contact', id: 'c1' }] } : NOBODY),
  () => ({ circles: ['duty'], userIds: ['u1'], notify: [] }),
);
/** A wall clock that stands, runs, and jumps by hours either way. */
const jump = fc.oneof(fc.integer({ min: 0, max: 20 * MINUTE }), fc.integer({ min: -30 * HOUR, max: 30 * HOUR }));
const happening = fc.record({
  event: fc.oneof(
    fc.constantFrom<IncidentEventName>(...INCIDENT_EVENTS),
    fc.constantFrom<IncidentEventName>('join', 'claim', 'step', 'deadline', 'deadline', 'deadline', 'release'),
  ),
  jump,
  ownerId: fc.constantFrom('u1', 'u2', undefined),
  press: fc.record({ type, priority, policy, flags: fc.constant([]) }),
  authority: fc.constant({ service: '120', stage: 'called' } as const),
  handoverTo: fc.constant('u3'),
  helperId: fc.constant('h1'),
  isUnheard: fc.boolean(),
  promisedAt: fc.option(fc.integer({ min: NOW - 100 * HOUR, max: NOW + 10_000 * HOUR }), { nil: undefined }),
  shelvedUntil: fc.option(fc.integer({ min: NOW - 100 * HOUR, max: NOW + 10_000 * HOUR }), { nil: undefined }),
  present,
});

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** Also states that no action reaches yet, with promises and shelves that nobody should have believed. */
const begin = fc
  .record({
    state: fc.constantFrom(...OPEN_STATES),
    type,
    priority,
    promisedAt: fc.option(fc.integer({ min: NOW - 100 * HOUR, max: NOW + 10_000 * HOUR })),
    shelvedUntil: fc.option(fc.integer({ min: NOW - 100 * HOUR, max: NOW + 10_000 * HOUR })),
    policy,
  })
  .map((given) => openIncident({ ...given, ownerId: given.state === 'open' ? null : 'u1' }));

function longestMs(incident: IncidentRecord): number {
  const { priority: urgency } = incident;
  const longest = Math.max(...OPEN_STATES.map((state) => calcSpanMs(state, urgency)));
  const { steps, againAfterMs, nobodyAgainMs } = incident.policy;
  const ladderMs = (steps.at(-1)?.afterMs ?? 0) + Math.max(againAfterMs, nobodyAgainMs);
  return Math.max(longest + 2 * HOUR, SHELVE_LIMIT_MS[urgency], ladderMs);
}

/** What happens next: a deadline as the engine fires it, a lapse, or what somebody does. */
function step(incident: IncidentRecord, happened: Happening, nowMs: number): IncidentRecord | undefined {
  if (happened.event !== 'deadline' && happened.event !== 'lapse') {
    const { ownerId, promisedAt, shelvedUntil, ...rest } = happened;
    return applyEvent(incident, happened.event, {
      ...rest,
      nowMs,
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(promisedAt === undefined ? {} : { promisedAt }),
      ...(shelvedUntil === undefined ? {} : { shelvedUntil }),
    })?.incident;
  }
  if (!isOpen(incident)) return undefined;
  if (happened.event === 'lapse') return planLapse(incident, nowMs)?.plan.incidents[0]?.record;
  return fire(incident, happened.present, nowMs);
}

function fire(incident: OpenIncident, reach: Reach, nowMs: number, lateMs?: number): OpenIncident {
  const due = planDue(incident, reach, { nowMs, ...(lateMs === undefined ? {} : { lateMs }) });
  const after = due?.plan.incidents[0]?.record;
  if (after === undefined || !isOpen(after)) throw new Error('a deadline closed an incident or was refused');
  return after;
}

/** What counts as one more. */
const PRESSES: readonly IncidentEventName[] = ['join', 'join-new', 'still'];

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

  test('a deadline that fires leaves one further on: nothing fires at every tick', () => {
    fc.assert(
      fc.property(begin, fc.array(happening, { maxLength: 20 }), present, (first, happenings, reach) => {
        let incident: IncidentRecord = first;
        let nowMs = NOW;
        for (const happened of happenings) {
          nowMs += happened.jump;
          incident = step(incident, happened, nowMs) ?? incident;
          if (!isOpen(incident)) continue;
          let firing = incident;
          // What is due together may take some goes; then there is peace for a while.
          for (let goes = 0; dueAt(firing).at <= Math.max(dueAt(incident).at, firing.updatedAt) + SECOND; goes += 1) {
            const was = firing;
            firing = fire(was, reach, dueAt(was).at);
            expect(firing.version).toBeGreaterThan(was.version);
            expect(goes).toBeLessThan(8);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('what is open and nobody’s calls for somebody; what asks for somebody rings somewhere', () => {
    fc.assert(
      fc.property(begin, fc.array(happening, { maxLength: 40 }), (first, happenings) => {
        let incident: IncidentRecord = first;
        let nowMs = NOW;
        for (const happened of happenings) {
          nowMs += happened.jump;
          incident = step(incident, happened, nowMs) ?? incident;
          if (incident.ringing) expect(incident.circles).not.toEqual([]);
          if (incident.state === 'claimed') expect(incident.ownerId).not.toBeNull();
          if (incident.state !== 'open') continue;
          expect(incident.ownerId).toBeNull();
          expect(incident.ladder).not.toBeNull();
        }
      }),
      { numRuns: 500 },
    );
  });

  test('an owner who does nothing is asked, then colleagues, then helpers, however often it is pressed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<OpenState>('claimed', 'dispatched', 'arrived', 'with-person'),
        fc.array(fc.integer({ min: 1, max: 40 * SECOND }), { maxLength: 200 }),
        (state, gaps) => {
          let incident = openIncident({ state, ownerId: 'u1', ringing: false, circles: [], ladder: null });
          const span = calcSpanMs(state, 1);
          const first: Record<string, number> = {};
          const run = (untilMs: number) => {
            while (dueAt(incident).at <= untilMs) {
              const at = dueAt(incident).at;
              incident = fire(incident, (target) => ({ ...NOBODY, notify: [{ kind: 'user', id: target }] }), at);
              if (incident.asked !== 'nobody') first[incident.asked] ??= at - NOW;
              if (incident.toldIds.includes('duty-helpers')) first['helpers'] ??= at - NOW;
            }
          };
          let nowMs = NOW;
          for (const gap of gaps) {
            nowMs += gap;
            run(nowMs);
            const press = { type: 'sos', priority: 1, flags: [] } as const;
            const pressed = applyEvent(incident, 'join', { nowMs, press })?.incident;
            if (pressed === undefined || !isOpen(pressed)) throw new Error('refused');
            incident = pressed;
            if (incident.asked !== 'nobody') first[incident.asked] ??= nowMs - NOW;
          }
          run(Math.max(nowMs, NOW + span + 2 * MINUTE));
          expect(first['owner']).toBeLessThanOrEqual(span);
          expect(first['colleagues']).toBeLessThanOrEqual((first['owner'] ?? 0) + 31 * SECOND);
          expect(first['helpers']).toBeLessThanOrEqual((first['owner'] ?? 0) + 62 * SECOND);
        },
      ),
      { numRuns: 200 },
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
          expect(after.presses).toBe(
            incident.presses + (after !== incident && PRESSES.includes(happened.event) ? 1 : 0),
          );
          if (after === incident) expect(after.version).toBe(incident.version);
          else expect(after.version).toBeGreaterThan(incident.version);
          if (after !== incident) expect(after.updatedAt).toBeGreaterThan(incident.updatedAt);
          if (isOpen(incident) && !isOpen(after)) expect(['resolve', 'restore', 'merge']).toContain(happened.event);
          if (!isOpen(incident) && isOpen(after)) expect(happened.event).toBe('reopen');
          incident = after;
        }
      }),
      { numRuns: 500 },
    );
  });
});
