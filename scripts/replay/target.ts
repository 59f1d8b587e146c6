import type { ModelProtocol } from '../../devices/catalog/model.ts';

/** Where a capture is sent. */
export type ReplayTarget =
  | { readonly kind: 'tcp' | 'udp'; readonly host: string; readonly port: number }
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
  if ((url.protocol !== 'tcp:' && url.protocol !== 'udp:') || url.port === '') return null;
  const host = url.hostname.replace(/^\[(.*)\]$/u, '$1');
  return { kind: url.protocol === 'tcp:' ? 'tcp' : 'udp', host, port: Number(url.port) };
}

export function maySend(target: ReplayTarget, protocol: ModelProtocol): boolean {
  return SENT_OVER[target.kind].includes(protocol);
}
