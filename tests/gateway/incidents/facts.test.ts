import { describe, expect, test } from 'vitest';
import { DAY, factsOf, HOUR, MINUTE, NOW, pressed, register } from './build.ts';

const district = register({
  homes: [{ id: 'home-1', region: 'yuyao/lanjiang' }],
  residents: [
    { id: 'wang', homeId: 'home-1' },
    { id: 'li', homeId: 'home-1' },
  ],
  devices: [
    { id: 'pendant-1', homeId: 'home-1', residentIds: ['wang'] },
    { id: 'phone-1', homeId: 'home-1', residentIds: ['wang', 'li'] },
    { id: 'smoke-1', homeId: 'home-1' },
    { id: 'loose-1' },
    { id: 'watch-1', residentIds: ['li'] },
  ],
});

describe('Where an alarm belongs', () => {
  test('a worn device belongs to its person, and the home is found through the person', () => {
    expect(factsOf(pressed(), district)).toMatchObject({
      residentId: 'wang',
      homeId: 'home-1',
      region: 'yuyao/lanjiang',
      candidates: [],
      subject: 'resident:wang',
      flags: [],
    });
    expect(factsOf(pressed({ deviceId: 'watch-1' }), district)).toMatchObject({ residentId: 'li', homeId: 'home-1' });
  });

  test('where the person is uncertain all who may be meant are offered', () => {
    for (const deviceId of ['phone-1', 'smoke-1']) {
      expect(factsOf(pressed({ deviceId }), district)).toMatchObject({
        residentId: null,
        candidates: ['wang', 'li'],
        subject: `device:${deviceId}`,
        flags: ['no-resident'],
      });
    }
  });

  test('a device bound to nobody and one that nobody knows are alarms all the same', () => {
    expect(factsOf(pressed({ deviceId: 'loose-1' }), district)).toMatchObject({ region: null, flags: ['no-resident'] });
    expect(factsOf(pressed({ deviceId: 'ghost', standing: 'unregistered' }), district)).toMatchObject({
      subject: 'quarantine:unregistered:ghost',
      flags: ['unregistered', 'no-resident'],
    });
  });

  test('a wrong secret is shown with the person it may be, and stands apart from what she really pressed', () => {
    expect(factsOf(pressed({ standing: 'unverified' }), district)).toMatchObject({
      residentId: 'wang',
      subject: 'quarantine:unverified:pendant-1',
      flags: ['unverified'],
    });
  });

  test('what a gateway raises about itself stands under its code, whichever gateway raises it', () => {
    const raised = { deviceId: null, message: { type: 'system', zone: 'disk-low' } } as const;
    expect(factsOf(pressed(raised), district)).toMatchObject({ subject: 'system:disk-low', flags: [] });
    const restored = { deviceId: null, message: { kind: 'restored', type: 'system', zone: 'disk-low' } } as const;
    expect(factsOf(pressed(restored), district).subject).toBe('system:disk-low');
  });

  test('technical matters belong to the device', () => {
    expect(factsOf(pressed({ message: { type: 'low-battery' } }), district).subject).toBe('device:pendant-1');
  });

  test('a case by hand belongs to the person, else the home, else to itself', () => {
    const byHand = { actor: 'user:u1', source: 'phone' } as const;
    const call = pressed({ deviceId: null, byHand: { ...byHand, residentId: 'li' } });
    expect(factsOf(call, district)).toMatchObject({ subject: 'resident:li', homeId: 'home-1', flags: [] });
    const home = pressed({ deviceId: null, byHand: { ...byHand, homeId: 'home-1' } });
    expect(factsOf(home, district)).toMatchObject({ subject: 'home:home-1', candidates: ['wang', 'li'] });
    const nobody = pressed({ deviceId: null, byHand: { ...byHand, text: 'someone shouts' } });
    expect(factsOf(nobody, district)).toMatchObject({ subject: `case:${nobody.id}`, region: null });
  });
});

test.each([
  ['none', undefined, []],
  ['right', NOW - MINUTE, []],
  ['kept through an outage', NOW - HOUR, ['late']],
  ['years ahead', NOW + 400 * DAY, ['clock']],
  ['of 1970', 7, ['clock']],
])('a clock that is %s is marked, never refused', (_name, at, flags) => {
  const message = at === undefined ? {} : { at };
  expect(factsOf(pressed({ message }), district).flags).toEqual(flags);
});

test('a time that cannot be read is marked as a bad clock', () => {
  const faults = [{ code: 'bad-field', path: '/at' }] as const;
  expect(factsOf(pressed({ message: { faults } }), district).flags).toEqual(['clock']);
});
