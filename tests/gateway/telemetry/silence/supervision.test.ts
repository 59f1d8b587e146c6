import { expect, test } from 'vitest';
import type { StatusKind } from '../../../../gateway/api/contract/registry.ts';
import { DEVICE_MODELS } from '../../../../devices/catalog/models.ts';
import { silentAfterMs } from '../../../../gateway/telemetry/silence/silence-rules.ts';
import { isSupervised } from '../../../../gateway/telemetry/silence/supervision.ts';

/** In home `h1` live those whose statuses are given. */
function directoryOf(statuses: Readonly<Record<string, StatusKind>>): Parameters<typeof isSupervised>[1] {
  return {
    residentsOfHome: () => Object.keys(statuses).map((id) => ({ id })),
    statusOf: (id) => ({ kind: statuses[id] ?? 'at-home', from: null, until: null, note: null }),
  };
}

const inHome = { retiredAt: null, homeId: 'h1', residentIds: [] };

test.each([
  ['in a home with somebody at home', inHome, { r1: 'hospital', r2: 'at-home' }, true],
  ['in a home whose people are all elsewhere', inHome, { r1: 'hospital', r2: 'away' }, false],
  ['in a home where nobody is registered', inHome, {}, true],
  ['carried by somebody at home', { ...inHome, homeId: null, residentIds: ['r1'] }, { r1: 'at-home' }, true],
  [
    'carried by somebody in hospital, while others are at home',
    { ...inHome, residentIds: ['r1'] },
    { r1: 'hospital', r2: 'at-home' },
    false,
  ],
  ['of somebody who died', { ...inHome, residentIds: ['r1'] }, { r1: 'deceased' }, false],
  ['bound to nobody', { ...inHome, homeId: null }, {}, false],
  ['whose service ended', { ...inHome, retiredAt: '2026-01-01T00:00:00.000Z' }, { r1: 'at-home' }, false],
] as const)('whether a device %s is supervised', (_, device, statuses, isIt) => {
  expect(isSupervised(device, directoryOf(statuses), 0)).toBe(isIt);
});

test('no model is told as silent before it is missed, and each of them within half a day, those that report once a day within five', () => {
  for (const { mobility, heartbeatS } of DEVICE_MODELS.all) {
    if (heartbeatS === null) continue;
    const afterMs = silentAfterMs({ mobility, heartbeatS });
    expect(afterMs).toBeGreaterThan(2.5 * heartbeatS * 1000);
    expect(afterMs).toBeLessThan(heartbeatS <= 3600 ? 12 * 3_600_000 : 5 * 86_400_000);
  }
});
