import { expect, test } from 'vitest';
import { DICTIONARIES } from '../../../dashboard/i18n/dictionaries.ts';
import { listSteps } from '../../../dashboard/incident/steps.ts';
import { INCIDENT_STATES } from '../../../gateway/api/contract/incident.ts';
import { buildIncident, iso, T0 } from '../build-incident.ts';

const helper = { id: 'h', name: 'Helper Zhang' };
const FIRE = { at: iso(T0 + 15_000), step: 'call-119' };
const names = (incident: Parameters<typeof listSteps>[0]): string[] =>
  listSteps(incident).map(({ action, word, service }) => (service === undefined ? action : `${service} ${word}`));

test('an SOS offers 120 first, smoke 119 first and marked', () => {
  expect(names(buildIncident())).toEqual(['120 called', '110 called', '119 called', 'escalate']);
  const fire = buildIncident({ type: 'smoke', next: FIRE });
  expect(names(fire)[0]).toBe('119 called');
  expect(listSteps(fire).map(({ isFirst }) => isFirst)).toEqual([true, false, false, false]);
  expect(listSteps(buildIncident()).some(({ isFirst }) => isFirst)).toBe(false);
});

test('smoke that came after the key asks for 119 too', () => {
  const both = buildIncident({ types: ['sos', 'smoke'], next: FIRE });
  expect(names(both)[0]).toBe('119 called');
  const called = { service: '120', stage: 'called', at: iso(T0) } as const;
  expect(listSteps({ ...both, authority: called }).find(({ isFirst }) => isFirst)?.service).toBe('119');
});

test('an authority that was called has arrived or taken over next, one that took over nothing', () => {
  const called = { service: '120', stage: 'called', at: iso(T0) } as const;
  expect(names(buildIncident({ authority: called }))).toEqual([
    '120 arrived',
    '120 took-over',
    '110 called',
    '119 called',
    'escalate',
  ]);
  expect(names(buildIncident({ authority: { ...called, stage: 'arrived' } }))).toEqual([
    '120 took-over',
    '110 called',
    '119 called',
    'escalate',
  ]);
  expect(names(buildIncident({ state: 'handed-over' }))).toEqual(['escalate']);
});

test.each([
  ['dispatched', ['accept', 'decline', 'arrive', 'with-person', 'no-access']],
  ['accepted', ['arrive', 'with-person', 'no-access']],
  ['arrived', ['with-person', 'no-access']],
  ['with-person', []],
] as const)('while %s the helper may tell %j', (state, told) => {
  const actions = names(buildIncident({ state, helper })).filter((name) => !name.includes(' ') && name !== 'escalate');
  expect(actions).toEqual(told);
});

test('what is closed or technical offers nothing, and every step has its word', () => {
  expect(listSteps(buildIncident({ state: 'resolved', helper }))).toEqual([]);
  expect(listSteps(buildIncident({ type: 'low-battery', priority: 4 }))).toEqual([]);
  const all = INCIDENT_STATES.flatMap((state) => listSteps(buildIncident({ state, helper })));
  for (const { word } of all) expect(Object.keys(DICTIONARIES.en.incident.steps)).toContain(word);
});
