import { PAYLOAD_BOUND_BYTES } from '../../../protocols/mqtt-json/limits.ts';

/** MQTT 3.1.1 §2.2: what the framer has to know of a packet's shape. */

export const CONNECT = 1;
export const PUBLISH = 3;

/** §2.2.1: packets that a client may send: CONNECT, PUBLISH, the four acknowledgements, (UN)SUBSCRIBE, PINGREQ, DISCONNECT. */
const FROM_CLIENT = new Set([CONNECT, PUBLISH, 4, 5, 6, 7, 8, 10, 12, 14]);

export function typeOf(firstByte: number): number {
  return firstByte >> 4;
}

export function isFromClient(type: number): boolean {
  return FROM_CLIENT.has(type);
}

/** §3.3.2: topic with its two length bytes, and a packet identifier at QoS 1 and 2. Needs the first two bytes of the body. */
export function publishHeadLength(firstByte: number, body: Buffer): number {
  const qos = (firstByte & 0b0000_0110) >> 1;
  return 2 + body.readUInt16BE(0) + (qos > 0 ? 2 : 0);
}

/** §2.2.3. */
export function encodeRemainingLength(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  do {
    const group = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? group | 0b1000_0000 : group);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/**
 * The common case without a copy: a sound packet within the bound that lies complete in one chunk. Undefined for anything
 * else, also for a bad one: that is for the framer to judge.
 */
export function wholePacketAt(chunk: Buffer, at: number): Buffer | undefined {
  const first = chunk[at] ?? 0;
  if (!isFromClient(typeOf(first))) return undefined;
  let remaining = 0;
  for (let i = 0; i < 3; i++) {
    const byte = chunk[at + 1 + i];
    if (byte === undefined) return undefined;
    remaining += (byte & 0b0111_1111) * 128 ** i;
    if ((byte & 0b1000_0000) !== 0) continue;
    const start = at + 2 + i;
    const end = start + remaining;
    if (end > chunk.length || remaining > PAYLOAD_BOUND_BYTES) return undefined;
    if (typeOf(first) === PUBLISH) {
      if (remaining < 2 || publishHeadLength(first, chunk.subarray(start, end)) > remaining) return undefined;
    }
    return chunk.subarray(at, end);
  }
  return undefined;
}
