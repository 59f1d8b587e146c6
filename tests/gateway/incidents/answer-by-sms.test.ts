import { expect, test } from 'vitest';
import type { AlarmEvent, Caller } from '../../../devices/event.ts';
import { planAlarm } from '../../../gateway/incidents/plan-alarm.ts';
import type { OpenIncident } from '../../../gateway/incidents/record.ts';
import { viewAlarm } from '../../../gateway/incidents/view.ts';
import { inputOf, openIncident, pressed, register } from './build.ts';

const district = register({
  homes: [{ id: 'home-1', region: 'yuyao/lanjiang' }],
  residents: [{ id: 'wang', homeId: 'home-1' }],
  devices: [],
});
const daughter: Caller = { number: '+8613800001111', whose: 'contact', residentIds: ['wang'], homeId: 'home-1' };

const answer: AlarmEvent = pressed({
  deviceId: 'tel-0123456789abcdef',
  source: { protocol: 'sms', peer: 'gsm-1' },
  caller: daughter,
  message: { kind: 'answer', type: 'unknown', text: '马上到', faults: [] },
});

function decide(...open: readonly OpenIncident[]) {
  return planAlarm(inputOf(answer, { openOfSubject: open }, district));
}

test('what a contact writes back is a note to the open case, and rings nowhere', () => {
  const open = openIncident({ subject: 'resident:wang', residentId: 'wang' });
  const { verdict, incidentId, plan } = decide(open);
  expect({ verdict, incidentId }).toEqual({ verdict: 'mentioned', incidentId: open.id });
  expect(plan.incidents[0]?.record).toMatchObject({ presses: open.presses, rangAt: open.rangAt, state: open.state });
  expect(plan.entries.map(({ type }) => type)).toEqual(['joined', 'received']);
  expect(plan.entries[0]?.data).toMatchObject({ kind: 'answer' });
  // The words lie with the event, which can be erased.
  expect(JSON.stringify(plan.entries)).not.toContain('马上到');
  expect(viewAlarm(answer)).toMatchObject({ kind: 'answer', type: 'answer', text: '马上到' });
});

test('an answer finds the case of another lane too', () => {
  const service = openIncident({ subject: 'resident:wang', residentId: 'wang', type: 'service', lane: 'service' });
  expect(decide(service)).toMatchObject({ verdict: 'mentioned', incidentId: service.id });
});

test('an answer to nothing that is open opens a case: somebody must read it', () => {
  const { verdict, plan } = decide();
  expect(verdict).toBe('opened');
  expect(plan.incidents[0]?.record).toMatchObject({ type: 'unknown', priority: 1, residentId: 'wang' });
});
