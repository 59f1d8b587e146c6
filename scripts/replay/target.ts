import type { ModelProtocol } from '../../devices/catalog/model.ts';
import { type HostPort, readHostPort } from '../host-port.ts';

/** Where a capture is sent. */
export type ReplayTarget =
  | ({ readonly kind: 'tcp' | 'udp' } & HostPort)
  | { readonly kind: 'mqtt'; readonly url: string }
  | { readonly kind: 'serial'; readonly path: string };

const SENT_OVER: Readonly<Record<ReplayTarget['kind'], readonly ModelProtocol[]>> = {
  tcp: ['sia-dc09'],
  udp: ['sia-dc09'],
  mqtt: ['mqtt-json'],
  serial: ['sur-gard', 'caller-id'],
};

/** `tcp://host:port`, `udp://host:port`, `mqtt://host:port`, or the path of a serial port. Null: none of these. */
export function readTarget(text: string): ReplayTarget | null {
  if (text.startsWith('/')) return { kind: 'serial', path: text };
  const url = URL.parse(text);
  if (url === null || url.hostname === '') return null;
  if (url.protocol === 'mqtt:' || url.protocol === 'mqtts:') return { kind: 'mqtt', url: text };
  const address = readHostPort(url.host);
  if ((url.protocol !== 'tcp:' && url.protocol !== 'udp:') || address === null) return null;
  return { kind: url.protocol === 'tcp:' ? 'tcp' : 'udp', ...address };
}

export function maySend(target: ReplayTarget, protocol: ModelProtocol): boolean {
  return SENT_OVER[target.kind].includes(protocol);
}
