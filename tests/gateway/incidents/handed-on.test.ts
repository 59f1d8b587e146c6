import { expect, test } from 'vitest';
import { calcRepeatKey } from '../../../gateway/incidents/identity.ts';
import { INCIDENT_KEYS } from '../../../gateway/incidents/keys.ts';
import { planAlarm } from '../../../gateway/incidents/plan-alarm.ts';
import { buildDirectory } from '../../../gateway/registry/build-directory.ts';
import { EMPTY_ROWS, type RegisterRows } from '../../../gateway/registry/rows.ts';
import { factsOf, HOUR, inputOf, NOW, openIncident, pressed } from './build.ts';

const home = { region: 'yuyao', address: 'x', entrance: null, accessPlan: null };
const person = { number: null, birthYear: null, categories: [], speech: null, health: null };
const bound = { deviceId: 'pendant-1', place: null };

/** The pendant was Wang's until now and is Li's from now on; a phone of nobody goes from one home to another. */
const rows: RegisterRows = {
  ...EMPTY_ROWS,
  homes: [
    { id: 'home-1', ...home },
    { id: 'home-2', ...home },
  ],
  residents: [
    { id: 'wang', homeId: 'home-1', name: 'Wang', ...person },
    { id: 'li', homeId: 'home-2', name: 'Li', ...person },
  ],
  devices: ['pendant-1', 'phone-1'].map((id) => ({ id, model: 'm', retiredAt: null, secretSha256: 'ab'.repeat(32) })),
  bindings: [
    { ...bound, number: 1, homeId: 'home-1', residentIds: ['wang'], from: NOW - HOUR, until: NOW },
    { ...bound, number: 2, homeId: 'home-2', residentIds: ['li'], from: NOW, until: null },
    { ...bound, deviceId: 'phone-1', number: 1, homeId: 'home-1', residentIds: [], from: NOW - HOUR, until: NOW },
    { ...bound, deviceId: 'phone-1', number: 2, homeId: 'home-2', residentIds: [], from: NOW, until: null },
  ],
  statuses: [
    { residentId: 'li', kind: 'deceased', from: NOW - HOUR, until: null, note: 'a note', recordedAt: NOW - HOUR },
  ],
};
const district = buildDirectory(rows);

test('an alarm is of whoever wore the device when it came in, also when it is decided after it was handed on', () => {
  expect(factsOf(pressed({ receivedAt: NOW - 1 }), district)).toMatchObject({
    ...{ residentId: 'wang', homeId: 'home-1', subject: 'resident:wang', deviceKey: 'pendant-1' },
  });
  expect(factsOf(pressed({ receivedAt: NOW }), district)).toMatchObject({
    ...{ residentId: 'li', homeId: 'home-2', subject: 'resident:li', deviceKey: 'pendant-1:2' },
  });
});

test('a device of nobody joins no case of the home before, whether it proves itself or not', () => {
  for (const standing of ['verified', 'unverified', 'retired'] as const) {
    const of = (receivedAt: number) => factsOf(pressed({ deviceId: 'phone-1', standing, receivedAt }), district);
    expect(of(NOW - 1)).toMatchObject({ homeId: 'home-1', candidates: ['wang'] });
    expect(of(NOW)).toMatchObject({ homeId: 'home-2', candidates: ['li'] });
    expect(of(NOW).subject).not.toBe(of(NOW - 1).subject);
  }
});

test('no mark of the former wearer swallows a press of the next, and trust in the clock starts anew', () => {
  const changes = { message: { id: '7', at: NOW } };
  const [before, after] = [pressed({ ...changes, receivedAt: NOW - 1 }), pressed({ ...changes, receivedAt: NOW })];
  const mark = { eventId: before.id, incidentId: 'inc-1', receivedAt: NOW - 1 };
  const held = { raw: JSON.stringify(mark), value: mark };
  const keysOf = (event: typeof before) =>
    planAlarm(inputOf(event, {}, district)).plan.guarded.map(({ key }) => key.replaceAll(event.id, 'ULID'));
  expect(planAlarm(inputOf(before, { repeat: held }, district)).verdict).toBe('repeat');
  for (const key of [INCIDENT_KEYS.repeat(calcRepeatKey(before, null).key), INCIDENT_KEYS.clock('pendant-1')]) {
    expect(keysOf(before)).toContain(key);
    expect(keysOf(after)).not.toContain(key);
  }
});

test('a flat battery of the next wearer does not disappear in the case of the one before', () => {
  const of = (receivedAt: number) => factsOf(pressed({ message: { type: 'low-battery' }, receivedAt }), district);
  expect(of(NOW).subject).not.toBe(of(NOW - 1).subject);
});

test('whoever is recorded as dead rings with everything, and the case says what is recorded', () => {
  const { verdict, plan } = planAlarm(inputOf(pressed(), {}, district));
  expect(verdict).toBe('opened');
  expect(plan.incidents[0]?.record).toMatchObject({ priority: 1, ringing: true, state: 'open' });
  const opened = plan.entries.find(({ type }) => type === 'opened');
  const since = new Date(NOW - HOUR).toISOString();
  expect(opened?.personal).toEqual({ residentStatus: { kind: 'deceased', since } });
  expect(JSON.stringify(opened?.data)).not.toMatch(/deceased|a note/);
});

test('a second press of the next wearer joins her own case', () => {
  const open = openIncident({ residentId: 'li', subject: 'resident:li' });
  expect(planAlarm(inputOf(pressed({ receivedAt: NOW + 1 }), { openOfSubject: [open] }, district)).verdict).toBe(
    'joined',
  );
});
