import { expect, test } from 'vitest';
import { listPeople, type Whereabouts } from '../../../gateway/escalation/list-people.ts';
import type { Role } from '../../../gateway/api/contract/session.ts';

const ON = { on: true, sound: true };
const DEAF = { on: true, sound: false };
const OFF = { on: false, sound: false };

/** `present`, `on duty`, both, or nothing where they are in no list. */
function seen(roles: readonly Role[], where: Whereabouts): string {
  const user = { id: 'u', username: 'u', name: 'u', roles, regions: ['city'], epoch: 1 };
  const [person] = listPeople([user], () => where);
  return [person?.isPresent === true ? 'present' : '', person?.isOnDuty === true ? 'on duty' : ''].join(' ').trim();
}

test.each<[Role[], Whereabouts, string]>([
  [['operator'], { isPresent: true, duty: ON }, 'present on duty'],
  [['operator'], { isPresent: true, duty: DEAF }, 'present'],
  [['operator'], { isPresent: true, duty: OFF }, 'present'],
  [['operator'], { isPresent: true, duty: null }, 'present'],
  [['operator'], { isPresent: false, duty: ON }, ''],
  [['supervisor'], { isPresent: true, duty: ON }, 'present on duty'],
  [['admin'], { isPresent: true, duty: ON }, 'present on duty'],
  [['helper'], { isPresent: false, duty: ON }, 'on duty'],
  [['helper'], { isPresent: false, duty: DEAF }, 'on duty'],
  [['helper'], { isPresent: true, duty: OFF }, 'present'],
  [['helper'], { isPresent: false, duty: null }, ''],
  [['operator', 'helper'], { isPresent: false, duty: ON }, 'on duty'],
])('%j with %j: %s', (roles, where, expected) => {
  expect(seen(roles, where)).toBe(expected);
});
