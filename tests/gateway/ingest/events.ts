import { asEventId, type AlarmEvent } from '../../../devices/event.ts';
import type { Arrival } from '../../../devices/links/ports.ts';

/** A valid ULID for a number: the same number, the same id. */
export function idOf(n: number): string {
  return `01J000000000000000${String(n).padStart(8, '0')}`;
}

export function eventOf(n: number, raw = ''): AlarmEvent {
  return {
    id: asEventId(idOf(n)),
    deviceId: `device-${n}`,
    receivedAt: 1_700_000_000_000 + n,
    gatewayId: 'g1',
    standing: 'verified',
    source: { protocol: 'mqtt-json', peer: '127.0.0.1' },
    message: { kind: 'alarm', type: 'sos', faults: [] },
    raw,
  };
}

export function arrivalOf(deviceId: string, raw: Uint8Array = new Uint8Array()): Arrival {
  const { standing, source, message } = eventOf(0);
  return { deviceId, standing, source, message, raw };
}
