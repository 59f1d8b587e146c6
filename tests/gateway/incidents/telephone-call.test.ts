import { describe, expect, test } from 'vitest';
import type { AlarmEvent, Caller, CallState } from '../../../devices/event.ts';
import { alarmOfCall } from '../../../devices/meaning/caller-id.ts';
import type { Command } from '../../../gateway/incidents/command.ts';
import { strangersKeyOf } from '../../../gateway/incidents/dispatch/strangers.ts';
import { planAlarm } from '../../../gateway/incidents/plan-alarm.ts';
import { planCommand } from '../../../gateway/incidents/plan-command.ts';
import type { IncidentRecord, OpenIncident } from '../../../gateway/incidents/record.ts';
import { viewAlarm } from '../../../gateway/incidents/view.ts';
import { factsOf, inputOf, NOW, openIncident, operator, pressed, register, SECOND } from './build.ts';

const NUMBER = '+8613800001111';

const district = register({
  homes: [{ id: 'home-1', region: 'yuyao/lanjiang' }],
  residents: [
    { id: 'wang', homeId: 'home-1' },
    { id: 'li', homeId: 'home-1' },
  ],
  devices: [{ id: 'phone-1', homeId: 'home-1', residentIds: ['wang'] }],
});

function callerOf(whose: Caller['whose'], residentIds: readonly string[] = [], homeId: string | null = null): Caller {
  return { number: whose === 'withheld' ? null : NUMBER, whose, residentIds, homeId };
}

/** As the link hands it over. */
function call(state: CallState, caller: Caller, changes: Partial<AlarmEvent> = {}): AlarmEvent {
  const isKnown = caller.whose !== 'unknown' && caller.whose !== 'withheld';
  return pressed({
    deviceId: caller.whose === 'device' ? 'phone-1' : caller.whose === 'withheld' ? 'line-1' : 'tel-0123456789abcdef',
    standing: isKnown ? 'verified' : 'unregistered',
    source: { protocol: 'caller-id', peer: 'line-1' },
    caller,
    ...changes,
    message: { ...alarmOfCall(state, caller), sequence: `${changes.receivedAt ?? NOW}:${state}` },
  });
}

const phone = callerOf('device', ['wang'], 'home-1');
const daughter = callerOf('contact', ['wang'], 'home-1');
const stranger = callerOf('unknown');
const withheld = callerOf('withheld');

function decide(event: AlarmEvent, ...open: readonly OpenIncident[]) {
  return planAlarm(inputOf(event, { openOfSubject: open }, district));
}

describe('A telephone call', () => {
  test('from a device is its key, from anybody else a call', () => {
    expect(alarmOfCall('ringing', phone)).toMatchObject({ kind: 'alarm', type: 'sos' });
    for (const caller of [daughter, stranger, withheld]) {
      expect(alarmOfCall('ringing', caller)).toMatchObject({ kind: 'alarm', type: 'call' });
    }
    for (const state of ['answered', 'missed', 'ended'] as const) {
      expect(alarmOfCall(state, phone)).toMatchObject({ kind: 'call', type: 'sos', call: state });
    }
  });

  test('from a device stands with its resident, so that the press of the same phone is the same case', () => {
    const facts = factsOf(call('ringing', phone), district);
    expect(facts).toMatchObject({ residentId: 'wang', homeId: 'home-1', subject: 'resident:wang', flags: [] });
    const pressedByMqtt = factsOf(pressed({ deviceId: 'phone-1' }), district);
    expect(pressedByMqtt.subject).toBe(facts.subject);
  });

  test('from a number that may be somebody else’s by now stands apart and says so', () => {
    const unsure = call('ringing', phone, { standing: 'unverified' });
    const flags = ['unverified', 'unconfirmed-number'];
    expect(factsOf(unsure, district)).toMatchObject({
      ...{ residentId: 'wang', subject: 'quarantine:unverified:phone-1', flags },
    });
    expect(viewAlarm(unsure).flags).toEqual(flags);
    expect(factsOf(pressed({ deviceId: 'phone-1', standing: 'unverified' }), district).flags).toEqual(['unverified']);
  });

  test('from a resident or their contact is about the resident', () => {
    for (const caller of [daughter, callerOf('resident', ['wang'], null)]) {
      expect(factsOf(call('ringing', caller), district)).toMatchObject({
        ...{ residentId: 'wang', homeId: 'home-1', region: 'yuyao/lanjiang', subject: 'resident:wang', flags: [] },
        ...{ priority: 2, lane: 'emergency' },
      });
    }
  });

  test('from a contact of two offers both', () => {
    expect(factsOf(call('ringing', callerOf('contact', ['wang', 'li'], 'home-1')), district)).toMatchObject({
      ...{ residentId: null, candidates: ['wang', 'li'], homeId: 'home-1', region: 'yuyao/lanjiang' },
      subject: 'device:tel-0123456789abcdef',
    });
  });

  test('from a number that nobody registered is a case of its own number, also among many such', () => {
    const event = call('ringing', stranger);
    expect(factsOf(event, district)).toMatchObject({
      ...{ residentId: null, homeId: null, candidates: [] },
      subject: 'quarantine:unregistered:tel-0123456789abcdef',
    });
    expect(strangersKeyOf(event)).toBeNull();
    expect(decide(event).verdict).toBe('opened');
  });

  test('with a withheld number joins the open one of its line, and rings', () => {
    const first = decide(call('ringing', withheld)).plan.incidents[0]?.record as OpenIncident;
    expect(first.subject).toBe('quarantine:unregistered:line-1');
    const later = { ...first, ringing: false, rangAt: NOW };
    const { verdict, plan } = decide(call('ringing', withheld, { receivedAt: NOW + 60 * SECOND }), later);
    expect(verdict).toBe('joined');
    expect(plan.incidents[0]?.record).toMatchObject({ ringing: true, presses: 2 });
  });

  test('tells its number in the event beside the log and nowhere else', () => {
    for (const caller of [phone, daughter, stranger]) {
      for (const state of ['ringing', 'missed'] as const) {
        const open = openIncident({ type: 'call' });
        const { plan } = decide(call(state, caller), open);
        const { events, ...rest } = plan;
        expect(JSON.stringify(rest)).not.toContain('13800001111');
        expect(events[0]?.json).toContain('13800001111');
      }
    }
    expect(viewAlarm(call('ringing', daughter))).toMatchObject({
      ...{ type: 'call', call: 'ringing', byHand: null },
      caller: { number: NUMBER, whose: 'contact' },
    });
    expect(viewAlarm(pressed())).toMatchObject({ call: null, caller: null });
  });
});

/** What an operator does about it. */
function act(incident: OpenIncident, command: Command, nowMs: number): IncidentRecord {
  const { subject, id } = incident;
  const value = { open: [id], last: null };
  const indexes = new Map([[subject, { raw: JSON.stringify(value), value }]]);
  const around = { indexes, target: null, alarms: null, apart: null };
  const more = { actor: operator, nowMs, pressesKnown: 1, register: district, around };
  const decision = planCommand({ incident, command, ...more });
  if (decision.kind !== 'done') throw new Error(`the action was ${decision.kind}`);
  return decision.incident;
}

describe('How a call went on', () => {
  const claimed = openIncident({ type: 'call', state: 'claimed', ownerId: 'u1', ringing: false });

  test.each(['answered', 'missed', 'ended'] as const)('%s is a note: it closes, quiets and owns nothing', (state) => {
    const ringing = openIncident({ type: 'call' });
    for (const target of [ringing, claimed]) {
      const { verdict, plan } = decide(call(state, stranger), target);
      expect(verdict).toBe('mentioned');
      const { flags: _, ...noted } = plan.incidents[0]?.record ?? target;
      const { flags: __, ...was } = { ...target, version: 2, updatedAt: target.updatedAt + 1 };
      expect(noted).toEqual(was);
      expect(plan.entries[0]).toMatchObject({ type: 'joined', data: { kind: 'call', call: state } });
    }
  });

  test('opens nothing: about a closed case it is logged', () => {
    for (const state of ['answered', 'missed', 'ended'] as const) {
      const { verdict, plan } = decide(call(state, stranger));
      expect(verdict).toBe('logged');
      expect(plan.incidents).toEqual([]);
      expect(plan.entries[0]).toMatchObject({ type: 'received', incidentId: null, data: { kind: 'call' } });
    }
  });

  test.each(['missed', 'ended'] as const)('%s: the case says to call back until somebody spoke', (state) => {
    const missed = decide(call(state, stranger), claimed).plan.incidents[0]?.record;
    expect(missed?.flags).toEqual(['missed-call']);
    const again = decide(call(state, stranger), missed as OpenIncident).plan.incidents[0]?.record;
    expect(again?.flags).toEqual(['missed-call']);

    const perform = (command: Command) => act(again as OpenIncident, command, NOW + SECOND).flags;
    expect(perform({ name: 'note', body: { text: 'tried' } })).toEqual(['missed-call']);
    expect(perform({ name: 'call', body: { number: NUMBER, result: 'no-answer' } })).toEqual(['missed-call']);
    expect(perform({ name: 'call', body: { number: NUMBER, result: 'answered' } })).toEqual([]);
    expect(perform({ name: 'contact', body: { kind: 'spoke-with-person' } })).toEqual([]);
  });

  test('asks for no call back when somebody spoke since it rang, or lifted the receiver', () => {
    const spoke = { ...claimed, rangAt: NOW, voiceAt: NOW + SECOND };
    expect(decide(call('ended', stranger), spoke).plan.incidents[0]?.record.flags).toEqual([]);
    const rangAgain = { ...spoke, rangAt: NOW + 2 * SECOND };
    expect(decide(call('ended', stranger), rangAgain).plan.incidents[0]?.record.flags).toEqual(['missed-call']);
    // The next call of the same case, after somebody had spoken, and spoken about again.
    const spokeAgain = act(rangAgain, { name: 'contact', body: { kind: 'spoke-with-person' } }, NOW + 3 * SECOND);
    expect(decide(call('ended', stranger), spokeAgain as OpenIncident).plan.incidents[0]?.record.flags).toEqual([]);
    expect(decide(call('answered', stranger), claimed).plan.incidents[0]?.record.flags).toEqual([]);
  });

  test('the same end told twice is one', () => {
    const mark = { eventId: 'e', incidentId: claimed.id, receivedAt: NOW };
    const view = { openOfSubject: [claimed], repeat: { raw: JSON.stringify(mark), value: mark } };
    expect(planAlarm(inputOf(call('ended', stranger), view, district)).verdict).toBe('repeat');
  });
});
