import { describe, expect, test } from 'vitest';
import { calcRepeatKey, type RepeatMark } from '../../../gateway/incidents/identity.ts';
import { INCIDENT_KEYS } from '../../../gateway/incidents/keys.ts';
import { planAlarm } from '../../../gateway/incidents/plan-alarm.ts';
import { EMERGENCIES, HOUR, inputOf, MINUTE, NOW, openIncident, pressed, register } from './build.ts';
import type { EntryDraft } from '../../../gateway/incidents/commit.ts';

const types = (entries: readonly EntryDraft[]): string[] => entries.map(({ type }) => type);

describe('An alarm', () => {
  test.each(EMERGENCIES)('%s opens an incident that rings, under an id that every gateway derives', (type) => {
    const event = pressed({ message: { type, at: NOW - 300 } });
    const { verdict, incidentId, plan } = planAlarm(inputOf(event));
    expect(verdict).toBe('opened');
    expect(incidentId).toBe(`inc-${event.id}`);
    expect(plan.incidents[0]).toMatchObject({
      was: null,
      record: { id: incidentId, state: 'open', ringing: true, type },
    });
    expect(types(plan.entries)).toEqual(['opened', 'pressed', 'received', 'rang']);
    expect(plan.events).toEqual([{ id: event.id, incidentId, json: JSON.stringify(event) }]);
    expect(plan.ack).toBe('1-0');
  });

  test('joins the open emergency: one press more, and it rings', () => {
    const target = openIncident({ state: 'claimed', ownerId: 'u1', ringing: false });
    const { verdict, plan } = planAlarm(inputOf(pressed({ message: { type: 'sos' } }), { openOfSubject: [target] }));
    expect(verdict).toBe('joined');
    expect(plan.incidents[0]).toMatchObject({ was: target, record: { presses: 2, ringing: true, ownerId: 'u1' } });
    expect(types(plan.entries)).toEqual(['joined', 'received', 'rang']);
    expect(plan.entries.at(-1)?.data).toEqual({ reason: 'pressed-again' });
  });

  test('of a technical matter that lasts is counted and rings no second time; it has its deadlines', () => {
    const target = openIncident({ type: 'mains-lost', state: 'claimed', ownerId: 'u1', ringing: false });
    const event = pressed({ message: { type: 'mains-lost' } });
    const { verdict, plan } = planAlarm(inputOf(event, { openOfSubject: [target] }));
    expect(verdict).toBe('joined');
    expect(plan.incidents[0]?.record).toMatchObject({ presses: 2, ringing: false, state: 'claimed' });
    expect(types(plan.entries)).toEqual(['joined', 'received']);
  });

  test('by another path is the same cry, and says who told', () => {
    const target = openIncident({ subject: 'resident:wang', residentId: 'wang' });
    const phoned = pressed({
      deviceId: null,
      byHand: { actor: 'user:u1', source: 'phone', residentId: 'wang', callerNumber: '+8613800000000' },
    });
    const { verdict, incidentId, plan } = planAlarm(inputOf(phoned, { openOfSubject: [target] }));
    expect([verdict, incidentId]).toEqual(['joined', target.id]);
    expect(plan.entries[0]).toMatchObject({ type: 'joined', actor: 'user:u1', data: { byHand: 'phone' } });
    expect(JSON.stringify(plan.entries)).not.toContain('+86138');
  });

  test('leaves nothing of the register on the record but ids and codes', () => {
    const home = register({ homes: [{ id: 'home-1' }], residents: [{ id: 'wang', homeId: 'home-1' }] });
    const facts = { ...inputOf(pressed(), {}, home), nowMs: NOW };
    const hospital = { kind: 'hospital', from: NOW } as const;
    const { plan } = planAlarm({ ...facts, facts: { ...facts.facts, residentStatus: hospital } });
    expect(JSON.stringify(plan.incidents)).not.toContain('hospital');
  });

  test('that joins somebody at the door is told as pressed on the spot', () => {
    const { plan } = planAlarm(
      inputOf(pressed(), { openOfSubject: [openIncident({ state: 'arrived', ownerId: 'u1' })] }),
    );
    expect(plan.entries.at(-1)?.data).toEqual({ reason: 'pressed-on-the-spot' });
  });

  test('that was decided before is only answered', () => {
    const decided = planAlarm(inputOf(pressed(), { seen: { raw: 'inc-1', value: true } }));
    expect(decided).toMatchObject({
      verdict: 'already-seen',
      plan: { incidents: [], guarded: [], events: [], entries: [], notifications: [], ack: '1-0' },
    });
  });

  test('that repeats another is a line in the log, and neither a press nor a ring', () => {
    const event = pressed();
    const mark: RepeatMark = { eventId: 'first', incidentId: 'inc-first', receivedAt: NOW - 1000 };
    const { verdict, plan } = planAlarm(inputOf(event, { repeat: { raw: JSON.stringify(mark), value: mark } }));
    expect(verdict).toBe('repeat');
    expect(plan.incidents).toEqual([]);
    expect(plan.entries).toMatchObject([
      { type: 'repeated', incidentId: 'inc-first', data: { alarmId: event.id, repeatOf: 'first' } },
    ]);
    expect(plan.guarded.map(({ key }) => key)).toEqual([INCIDENT_KEYS.seen(event.id)]);
  });

  test('after a closed emergency says so', () => {
    const last = { incidentId: 'inc-old', closedAt: NOW - 12 * MINUTE, outcome: 'false-alarm' };
    const index = { raw: '…', value: { open: [], last } };
    const { plan } = planAlarm(inputOf(pressed(), { index }));
    expect(plan.entries[0]?.data['again']).toEqual({
      incidentId: 'inc-old',
      afterMs: 12 * MINUTE,
      outcome: 'false-alarm',
    });
    expect(
      planAlarm(inputOf(pressed({ message: { type: 'tamper' } }), { index })).plan.entries[0]?.data,
    ).not.toHaveProperty('again');
  });

  test('of a test opens nothing, is logged and kept', () => {
    const event = pressed({ message: { type: 'test' } });
    const { verdict, incidentId, plan } = planAlarm(inputOf(event));
    expect([verdict, incidentId, plan.incidents]).toEqual(['logged', null, []]);
    expect(types(plan.entries)).toEqual(['received']);
    expect(plan.events).toHaveLength(1);
  });

  test('with an absurd clock has no `pressed` milestone, and opens all the same', () => {
    for (const at of [Number.MAX_VALUE, -Number.MAX_VALUE, Number.NaN, 8.64e15 + 1, 0]) {
      const { verdict, plan } = planAlarm(inputOf(pressed({ message: { id: '1', at } })));
      expect(verdict).toBe('opened');
      expect(types(plan.entries)).toEqual(['opened', 'received', 'rang']);
    }
  });

  test('lays its marks so that two copies decided at once cannot both win', () => {
    const event = pressed();
    const { plan } = planAlarm(inputOf(event));
    const keys = plan.guarded.map(({ key, was }) => [key, was]);
    expect(keys).toContainEqual([INCIDENT_KEYS.seen(event.id), null]);
    expect(keys).toContainEqual([INCIDENT_KEYS.repeat(calcRepeatKey(event, null).key), null]);
    expect(keys).toContainEqual([INCIDENT_KEYS.index('device:pendant-1'), null]);
  });

  test('tells of a device’s clock only what the device itself said with its own secret', () => {
    const trusts = (changes: Parameters<typeof pressed>[0]) =>
      planAlarm(inputOf(pressed(changes)))
        .plan.guarded.filter(({ key }) => key === INCIDENT_KEYS.clock('pendant-1'))
        .map(({ becomes }) => becomes);
    expect(trusts({ message: { at: NOW } })).toEqual(['proven']);
    expect(trusts({ message: { at: 7 } })).toEqual(['flagged']);
    expect(trusts({ message: { at: NOW - HOUR } })).toEqual([]);
    expect(trusts({ message: { at: 7 }, standing: 'unverified' })).toEqual([]);
  });
});

describe('Personal data', () => {
  const words = 'ZHANG-SAN';
  const event = pressed({
    message: { text: words, zone: words, location: { lat: 30.0444, lon: 121.1556 } },
    source: { protocol: 'mqtt-json', peer: words },
    raw: Buffer.from(words).toString('base64'),
    byHand: { actor: 'user:u1', source: 'phone', text: words, callerNumber: '+8613800000000' },
  });

  test('of an alarm stands beside the log and in no line of it, nor in the incident', () => {
    for (const view of [{}, { openOfSubject: [openIncident()] }]) {
      const { plan } = planAlarm(inputOf(event, view));
      const logged = JSON.stringify([plan.entries, plan.incidents, plan.guarded]);
      for (const secret of [words, '+8613800000000', '30.0444', event.raw]) expect(logged).not.toContain(secret);
      expect(plan.events[0]?.json).toContain(words);
    }
  });

  test('measured is told with the line that brought it, and can be erased', () => {
    const measure = { metric: 'spo2', value: 86, unit: '%', limit: 92, side: 'low', forMs: 360_000 } as const;
    const beyond = pressed({ message: { type: 'vitals', measure } });
    for (const view of [{}, { openOfSubject: [openIncident()] }]) {
      const { plan } = planAlarm(inputOf(beyond, view));
      expect(plan.entries[0]?.personal).toEqual({ measure });
      expect(JSON.stringify([plan.entries.map(({ data }) => data), plan.incidents])).not.toContain('spo2');
    }
  });
});
