import { expect, test } from 'vitest';
import { ALARM_TYPES, isDeviceAlarmType, type AlarmType } from '../../../devices/alarm-types.ts';
import { buildAlarmByHand } from '../../../gateway/incidents/by-hand.ts';
import { planAlarm } from '../../../gateway/incidents/plan-alarm.ts';
import { inputOf, nextId, NOW, openIncident } from './build.ts';

function byHand(type: AlarmType, residentId?: string) {
  const body = {
    type,
    source: 'phone',
    text: 'old Wang does not open',
    ...(residentId === undefined ? {} : { residentId }),
  } as const;
  return buildAlarmByHand({ id: nextId(), body, actor: 'user:u1', peer: '::1', nowMs: NOW, gatewayId: 'gw-1' });
}

test('a case by hand is an alarm like any other: it opens, joins and is logged under who opened it', () => {
  const event = byHand('sos');
  if (event === null) throw new Error('refused');
  const { verdict, plan } = planAlarm(inputOf(event));
  expect(verdict).toBe('opened');
  expect(plan.entries.map(({ actor }) => actor)).toEqual(['user:u1', 'user:u1', 'system']);
  expect(planAlarm(inputOf(event, { openOfSubject: [openIncident()] })).verdict).toBe('joined');
});

test('what the gateway says about itself cannot be said by hand', () => {
  for (const type of Object.keys(ALARM_TYPES) as AlarmType[]) {
    expect(byHand(type) === null).toBe(!isDeviceAlarmType(type));
  }
});
