import { expect, test } from 'vitest';
import { mayBeAway } from '../../../dashboard/incident/may-be-away.ts';
import {
  BY_HAND_TYPES,
  CALL_RESULT_NAMES,
  CONTACT_NAMES,
  OUTCOME_NAMES,
  SOURCES,
} from '../../../dashboard/incident/codes.ts';
import { ROLE_NAMES } from '../../../dashboard/session/roles.ts';
import { isDeviceAlarmType } from '../../../devices/alarm-types.ts';
import { IncidentByHand } from '../../../gateway/api/contract/actions.ts';
import { CALL_RESULTS, CONTACT_KINDS, OUTCOMES } from '../../../gateway/api/contract/incident.ts';
import { ROLES } from '../../../gateway/api/contract/session.ts';
import { Value } from 'typebox/value';

test.each([
  ['outcomes', OUTCOME_NAMES, OUTCOMES],
  ['contact kinds', CONTACT_NAMES, CONTACT_KINDS],
  ['call results', CALL_RESULT_NAMES, CALL_RESULTS],
  ['roles', ROLE_NAMES, ROLES],
])("the screen's %s are the contract's", (_what, ours, contract) => {
  expect([...ours].toSorted()).toEqual([...contract].toSorted());
});

test('every way of opening a case by hand is one that the gateway takes', () => {
  for (const type of BY_HAND_TYPES) {
    expect(isDeviceAlarmType(type), type).toBe(true);
    for (const source of SOURCES) expect(Value.Check(IncidentByHand, { type, source, text: 'x' })).toBe(true);
  }
});

test('only what hangs in a home is at home; what is carried or unknown may be anywhere', () => {
  expect(mayBeAway({ mobility: 'fixed' })).toBe(false);
  for (const device of [{ mobility: 'carried' }, { mobility: null }, null] as const)
    expect(mayBeAway(device)).toBe(true);
});
