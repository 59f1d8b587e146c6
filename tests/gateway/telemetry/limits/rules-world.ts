import { pino } from 'pino';
import { expect } from 'vitest';
import { asEventId, type AlarmEvent } from '../../../../devices/event.ts';
import type { StatusKind } from '../../../../gateway/api/contract/registry.ts';
import type { OwnLimit } from '../../../../gateway/api/contract/limits.ts';
import { AT_HOME } from '../../../../gateway/registry/calc-status.ts';
import { createLimitRules } from '../../../../gateway/telemetry/limits/limit-rules.ts';
import { register } from '../../incidents/build.ts';

export const T0 = Date.parse('2026-11-22T02:00:00.000Z');

/** A gateway's rules with a watch on one person; the board knows what is told it. */
export function openRules() {
  const raised: AlarmEvent['message'][] = [];
  const reads = { board: 0 };
  const world = {
    reads,
    raised,
    status: 'at-home' as StatusKind,
    own: [] as OwnLimit[],
    open: [] as { readonly type: AlarmEvent['message']['type']; readonly subject: string }[],
    isDoorShut: false,
    monoMs: 0,
    binding: (_atMs: number) => 1,
    residentIds: ['r-1'],
  };
  const clock = { nowMs: () => T0, monoMs: () => world.monoMs };
  const make = () =>
    createLimitRules({
      directory: () => ({
        ...register(),
        deviceAt: (id, atMs) => {
          const bound = { place: null, boundFrom: null, binding: world.binding(atMs), residentIds: world.residentIds };
          return { id, model: 'generic-wearable', homeId: null, retiredAt: null, ...bound };
        },
        limitsOf: () => ({ limits: world.own, recordedAt: null, recordedBy: null }),
        statusOf: () => ({ ...AT_HOME, kind: world.status }),
      }),
      door: {
        raise: (fields) => {
          if (world.isDoorShut) return Promise.reject(new Error('shut'));
          raised.push(fields.message);
          expect(fields).toMatchObject({ deviceId: 'watch-1', standing: 'verified', source: { protocol: 'gateway' } });
          return Promise.resolve({ ...fields, id: asEventId('x'), receivedAt: T0, gatewayId: 'g' });
        },
      },
      open: () => {
        reads.board += 1;
        return world.open;
      },
      clock,
      logger: pino({ level: 'silent' }),
    });
  return Object.assign(world, { make, take: make().take });
}
