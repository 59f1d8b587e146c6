import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ringsAt, type Listener } from '../../../dashboard/sound/rings-at.ts';
import { RING_CIRCLES, type RingCircle } from '../../../gateway/api/contract/incident.ts';
import { buildIncident } from '../build-incident.ts';

const me: Listener = { id: 'me', roles: ['operator'], regions: ['yuyao/east'], isOnDuty: false };
const mine = { id: 'me', name: 'Me' };

test.each([
  ['duty', me, {}, false],
  ['duty', { ...me, isOnDuty: true }, {}, true],
  ['duty', { ...me, isOnDuty: true }, { region: 'yuyao/east/mill' }, true],
  ['duty', { ...me, isOnDuty: true }, { region: 'yuyao/eastern' }, false],
  ['duty', { ...me, isOnDuty: true, regions: ['*'] }, { region: 'yuyao/west' }, true],
  ['owner', me, { owner: mine }, true],
  ['owner', me, { owner: { id: 'other', name: 'O' } }, false],
  ['handover', me, { handoverTo: mine }, true],
  ['handover', me, { owner: mine }, false],
  ['supervisors', me, {}, false],
  ['supervisors', { ...me, roles: ['supervisor'] }, {}, true],
  ['supervisors', { ...me, roles: ['admin'] }, {}, true],
  ['operators', me, { region: 'far-away' }, true],
] as const)('a ring at %s is heard by %j of %j: %s', (circle, listener, changes, isHeard) => {
  expect(ringsAt(buildIncident({ ...changes, circles: [circle] }), listener)).toBe(isHeard);
});

test('what does not ring is heard by nobody; a ring at no circle, or at one that this page does not know, by everybody', () => {
  expect(ringsAt(buildIncident({ ringing: false, circles: ['operators'] }), me)).toBe(false);
  expect(ringsAt(buildIncident({ circles: [] }), me)).toBe(true);
  expect(ringsAt(buildIncident({ circles: ['village' as RingCircle] }), me)).toBe(true);
});

test('a further circle never takes a ring away', () => {
  fc.assert(
    fc.property(fc.subarray([...RING_CIRCLES], { minLength: 1 }), fc.constantFrom(...RING_CIRCLES), (circles, more) => {
      const before = ringsAt(buildIncident({ circles }), me);
      expect(ringsAt(buildIncident({ circles: [...circles, more] }), me) || !before).toBe(true);
    }),
  );
});
