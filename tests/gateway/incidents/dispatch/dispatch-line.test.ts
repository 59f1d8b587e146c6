import { expect, test } from 'vitest';
import { ALARM_TYPES } from '../../../../devices/alarm-types.ts';
import { isUrgent, lineOf } from '../../../../gateway/incidents/dispatch/dispatch-line.ts';
import { pressed } from '../build.ts';

test('a device that proved itself has a line of its own', () => {
  expect(lineOf(pressed({ deviceId: 'd-1' }))).toBe('device d-1');
  expect(lineOf(pressed({ deviceId: 'd-2' }))).not.toBe(lineOf(pressed({ deviceId: 'd-1' })));
});

test('whoever proved nothing shares the line of the address, under whatever name and from whatever port', () => {
  const lines = (['unregistered', 'unverified', 'retired'] as const).flatMap((standing) =>
    ['d-1', 'd-2'].map((deviceId, n) =>
      lineOf(pressed({ standing, deviceId, source: { protocol: 'mqtt-json', peer: `[::1]:${5000 + n}` } })),
    ),
  );
  expect(new Set(lines)).toEqual(new Set(['address [::1]']));
});

test('urgent is what may be a person in danger, and what nobody can read', () => {
  expect(isUrgent(null)).toBe(true);
  for (const [type, { priority }] of Object.entries(ALARM_TYPES)) {
    const event = pressed({ message: { type: type as keyof typeof ALARM_TYPES } });
    expect([type, isUrgent(event)]).toEqual([type, priority <= 2]);
  }
});
