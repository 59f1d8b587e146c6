import { formatIso } from '../../clock.ts';
import type { Door } from '../../ingest/door.ts';

export type SilenceDoor = Pick<Door, 'raise'>;

/** News of a silent device through the door that every alarm takes. Each rejects with NotDurableError when nothing kept it. */
export function createSilenceDoor(door: SilenceDoor, gatewayId: string) {
  let sent = 0;

  function send(
    deviceId: string,
    kind: 'alarm' | 'restored',
    facts: Readonly<Record<string, string>>,
  ): Promise<unknown> {
    // The number keeps a silence soon after the one before from being taken for the same cry once more.
    sent += 1;
    const text = Object.entries(facts)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
    return door.raise({
      deviceId,
      standing: 'verified',
      source: { protocol: 'gateway', peer: gatewayId },
      message: { kind, type: 'silent', text, faults: [] },
      raw: Buffer.from(JSON.stringify({ kind, ...facts, gatewayId, n: sent })).toString('base64'),
    });
  }

  return {
    silent: (deviceId: string, lastMs: number) => send(deviceId, 'alarm', { lastContactAt: formatIso(lastMs) }),
    restored: (deviceId: string, because: 'heard-again' | 'not-supervised') => send(deviceId, 'restored', { because }),
  };
}
