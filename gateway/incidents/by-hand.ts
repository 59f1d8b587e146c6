import { createHash } from 'node:crypto';
import { isDeviceAlarmType } from '../../devices/alarm-types.ts';
import type { AlarmEvent, EventId } from '../../devices/event.ts';
import type { IncidentByHand } from '../api/contract/actions.ts';

/**
 * A case that a person opens ("a neighbour phones: old Wang does not open") as an alarm like any other, so that identity,
 * merging, policy and log are the same (design §4). It is dispatched directly: the operator waits for its incident.
 */
export function buildAlarmByHand(input: {
  readonly id: EventId;
  readonly body: IncidentByHand;
  readonly actor: string;
  readonly peer: string;
  readonly nowMs: number;
  readonly gatewayId: string;
}): AlarmEvent | null {
  const { body } = input;
  if (!isDeviceAlarmType(body.type)) return null;
  return {
    id: input.id,
    deviceId: null,
    receivedAt: input.nowMs,
    gatewayId: input.gatewayId,
    standing: 'verified',
    source: { protocol: 'by-hand', peer: input.peer },
    message: { kind: 'alarm', type: body.type, id: input.id, faults: [] },
    raw: '',
    byHand: {
      actor: input.actor,
      source: body.source,
      ...(body.residentId === undefined ? {} : { residentId: body.residentId }),
      ...(body.homeId === undefined ? {} : { homeId: body.homeId }),
      ...(body.text === undefined ? {} : { text: body.text }),
      ...(body.callerNumber === undefined ? {} : { callerNumber: body.callerNumber }),
    },
  };
}

/** A case opened by hand twice under one Idempotency-Key is one alarm. */
export function idOfKey(actor: string, key: string): EventId {
  return `hand-${createHash('sha256')
    .update(JSON.stringify([actor, key]))
    .digest('hex')
    .slice(0, 40)}` as EventId;
}
