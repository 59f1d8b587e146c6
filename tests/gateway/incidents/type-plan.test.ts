import { describe, expect, test } from 'vitest';
import { ALARM_TYPES, type AlarmType } from '../../../devices/alarm-types.ts';
import { planAlarm } from '../../../gateway/incidents/plan-alarm.ts';
import { calcAdvice, findFirstCall } from '../../../gateway/incidents/type-plan.ts';
import { viewIncident } from '../../../gateway/incidents/view.ts';
import type { OpenIncident } from '../../../gateway/incidents/record.ts';
import { inputOf, NOW, openIncident, operator, pressed, resolvedIncident, SECOND } from './build.ts';

const stepOf = (incident: OpenIncident) =>
  viewIncident(
    incident,
    () => undefined,
    () => null,
  ).next?.step;

function joined(target: OpenIncident, type: 'sos' | 'smoke' | 'duress' | 'bed-exit') {
  const event = pressed({ receivedAt: NOW + SECOND, message: { type } });
  return planAlarm(inputOf(event, { openOfSubject: [target] })).plan;
}

describe('Smoke, gas and CO', () => {
  test.each(['smoke', 'gas', 'co'] as const)('%s: 119 first, and helpers stay outside', (type) => {
    const incident = openIncident({ type, types: [type] });
    expect(calcAdvice(incident)).toEqual(expect.arrayContaining(['call-119-first', 'helpers-do-not-enter']));
    expect(calcAdvice(incident).includes('no-bell-no-switch-no-landline')).toBe(type === 'gas');
    expect(stepOf(incident)).toBe('call-119');
  });

  test('go on asking for 119 until 119 was called; 120 puts out no fire', () => {
    const smoke = openIncident({ type: 'smoke', types: ['smoke'], state: 'claimed', ownerId: 'u1' });
    expect(findFirstCall({ ...smoke, services: ['120'] })).toBe('119');
    expect(findFirstCall({ ...smoke, services: ['119'] })).toBeNull();
    expect(stepOf({ ...smoke, services: ['119'] })).not.toBe('call-119');
    expect(findFirstCall(resolvedIncident({ types: ['smoke'] }))).toBeNull();
  });
});

test('no other type asks for an authority, and only duress is silent', () => {
  for (const type of Object.keys(ALARM_TYPES) as AlarmType[]) {
    const incident = openIncident({ type, types: [type] });
    expect(findFirstCall(incident)).toBe(['smoke', 'gas', 'co'].includes(type) ? '119' : null);
    expect(calcAdvice(incident).includes('silent')).toBe(ALARM_TYPES[type].silent);
  }
});

describe('A type that the case had not', () => {
  const worked = () =>
    openIncident({ state: 'claimed', ownerId: operator.id, ringing: false, circles: [], ladder: null });

  test('adds its plan and rings at everybody, also at a case that somebody has', () => {
    const { incidents, entries } = joined(worked(), 'smoke');
    const record = incidents[0]?.record;
    expect(record).toMatchObject({ types: ['sos', 'smoke'], ownerId: 'u1', ringing: true });
    expect(record?.circles).toEqual(['owner', 'duty', 'operators', 'supervisors']);
    expect(record?.ladder).toMatchObject({ next: 0 });
    expect(entries.at(-1)).toMatchObject({ type: 'rang', data: { reason: 'new-type' } });
    expect(calcAdvice(record ?? worked())).toContain('call-119-first');
  });

  test('rings so once: the next smoke is a press like any other', () => {
    const [first] = joined(worked(), 'smoke').incidents;
    const again = joined({ ...worked(), types: first?.record.types ?? [] }, 'smoke').incidents[0]?.record;
    expect(again?.circles).toEqual(['owner', 'duty']);
    expect(again?.types).toEqual(['sos', 'smoke']);
  });

  test('that is duress tells no contact from then on', () => {
    const [after] = joined(worked(), 'duress').incidents;
    expect(after?.record.policy.steps.map(({ target }) => target)).not.toContain('contacts');
    expect(calcAdvice(after?.record ?? worked())).toEqual(['silent']);
  });

  test('brings what was shelved back', () => {
    const shelved = openIncident({ state: 'shelved', ownerId: 'u1', shelvedUntil: NOW + 60 * SECOND, ringing: false });
    expect(joined(shelved, 'smoke').incidents[0]?.record).toMatchObject({
      state: 'open',
      ringing: true,
      shelvedUntil: null,
    });
  });
});
