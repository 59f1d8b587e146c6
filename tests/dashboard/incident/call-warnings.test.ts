import { expect, test } from 'vitest';
import { listCallWarnings } from '../../../dashboard/incident/call-warnings.ts';
import { buildIncident } from '../build-incident.ts';

test('duress and gas warn before anybody is called, also when they joined a case that an SOS opened', () => {
  expect(listCallWarnings(buildIncident({ type: 'duress' }))).toEqual(['silentWarning']);
  expect(listCallWarnings(buildIncident({ type: 'gas' }))).toEqual(['landlineWarning']);
  const joined = buildIncident({
    type: 'sos',
    types: ['sos', 'duress', 'gas'],
    advice: ['silent', 'call-119-first', 'helpers-do-not-enter', 'no-bell-no-switch-no-landline'],
  });
  expect(listCallWarnings(joined)).toEqual(['silentWarning', 'landlineWarning']);
});

test('any other case has its numbers without a warning', () => {
  for (const type of ['sos', 'smoke', 'co', 'fall'] as const) {
    expect(listCallWarnings(buildIncident({ type }))).toEqual([]);
  }
});
