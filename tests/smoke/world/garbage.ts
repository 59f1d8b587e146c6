import { generate, type IConnectPacket } from 'mqtt-packet';

/** A payload for an `alarm` topic and what must become of it: its type, and a fault or flag that says what is wrong. */
export type GarbageAlarm = {
  readonly name: string;
  readonly payload: string | Uint8Array;
  readonly type: string;
  readonly says?: string;
};

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const sos = (field: string, value: unknown): string => JSON.stringify({ type: 'sos', [field]: value });

export const SQL = `'); DROP TABLE residents; DROP TABLE devices; --`;
export const HTML = `<script>alert(1)</script><img src=x onerror="alert('x')">&amp;\u202e{{7*7}}\${7*7}`;

export const GARBAGE_ALARMS: readonly GarbageAlarm[] = [
  { name: 'empty', payload: '', type: 'unknown', says: 'empty' },
  { name: 'NULs', payload: bytes(0, 0, 0), type: 'unknown', says: 'not-json' },
  { name: 'not UTF-8', payload: bytes(0xff, 0xfe, 0x80), type: 'unknown', says: 'not-utf8' },
  { name: 'half a character', payload: bytes(0x7b, 0x22, 0xe6, 0x8a), type: 'unknown', says: 'not-utf8' },
  { name: 'binary', payload: Uint8Array.from({ length: 1000 }, (_, n) => (n * 167) % 256), type: 'unknown' },
  { name: 'half JSON', payload: '{"type":"sos"', type: 'unknown', says: 'not-json' },
  { name: 'null', payload: 'null', type: 'unknown', says: 'not-object' },
  { name: 'a list', payload: '[{"type":"sos"}]', type: 'unknown', says: 'not-object' },
  { name: 'a number', payload: '1e999', type: 'unknown', says: 'not-object' },
  { name: 'deep', payload: `{"type":"fall","x":${nested(5000)}}`, type: 'fall', says: 'too-deep' },
  { name: 'nothing but depth', payload: nested(30_000), type: 'unknown' },
  { name: '64 KiB', payload: sos('text', 'x'.repeat(65_536)), type: 'unknown', says: 'oversized' },
  { name: '1 MiB', payload: sos('text', 'y'.repeat(1024 * 1024)), type: 'unknown', says: 'oversized' },
  { name: 'no type', payload: '{}', type: 'unknown', says: 'unknown-type' },
  { name: 'type of a wrong kind', payload: '{"type":["sos"]}', type: 'unknown', says: 'bad-field' },
  { name: 'type of the wrong size', payload: JSON.stringify({ type: 'sos'.repeat(9999) }), type: 'unknown' },
  { name: 'type of an attacker', payload: JSON.stringify({ type: SQL }), type: 'unknown', says: 'unknown-type' },
  { name: '__proto__', payload: '{"type":"__proto__"}', type: 'unknown', says: 'unknown-type' },
  { name: 'constructor', payload: '{"type":"constructor","toString":1}', type: 'unknown', says: 'unknown-type' },
  { name: 'a prototype', payload: '{"__proto__":{"type":"test"},"type":"gas"}', type: 'gas' },
  { name: 'our own type', payload: '{"type":"system"}', type: 'unknown', says: 'unknown-type' },
  { name: 'two types', payload: '{"type":"test","type":"test"}', type: 'unknown', says: 'bad-field' },
  { name: 'everything of a wrong kind', payload: EVERYTHING_WRONG(), type: 'sos', says: 'bad-field' },
  { name: 'the year 1970', payload: sos('at', '1970-01-01T00:00:00Z'), type: 'sos', says: 'clock' },
  { name: 'the year 9999', payload: sos('at', 253_402_300_799_999), type: 'sos', says: 'clock' },
  { name: 'before time', payload: sos('at', -62_135_596_800_000), type: 'sos', says: 'bad-field' },
  { name: 'beyond time', payload: sos('at', 9e15), type: 'sos', says: 'bad-field' },
  { name: 'no time', payload: sos('at', 'yesterday'), type: 'sos', says: 'bad-field' },
  { name: 'a lone surrogate', payload: '{"type":"sos","text":"\\ud800"}', type: 'sos' },
  { name: 'a NUL within', payload: '{"type":"sos","text":"a\\u0000b","id":"\\u0000"}', type: 'sos', says: 'bad-field' },
  { name: 'a byte order mark', payload: '\ufeff{"type":"smoke"}', type: 'smoke' },
  { name: 'SQL', payload: sos('text', SQL), type: 'sos' },
  { name: 'HTML', payload: sos('zone', HTML.slice(0, 60)), type: 'sos' },
];

function EVERYTHING_WRONG(): string {
  const fields = { id: { a: 1 }, at: [], zone: 7, text: false, batteryPct: '9', location: { lat: 'north', lon: 1e9 } };
  return JSON.stringify({ type: 'sos', ...fields });
}

/** The last field of a CONNECT decides what follows it; this one is right. */
const hello: IConnectPacket = {
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  clientId: 'garbage',
  keepalive: 0,
};
const HELLO = generate(hello);
const PUBLISH = generate({ cmd: 'publish', topic: 'zj/v1/x/vitals', payload: '{}', qos: 0, dup: false, retain: false });

/** What no MQTT client says: each is sent on a connection of its own, which must come to an end and harm nobody. */
export const GARBAGE_CONNECTIONS: Readonly<Record<string, readonly Uint8Array[]>> = {
  'nothing at all': [],
  'an HTTP request': [Buffer.from('GET / HTTP/1.1\r\nHost: zhuji\r\n\r\n')],
  'a TLS hello': [bytes(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03)],
  NULs: [new Uint8Array(100_000)],
  noise: [Uint8Array.from({ length: 100_000 }, (_, n) => (n * n * 31 + n) % 256)],
  'half a CONNECT': [HELLO.subarray(0, 9)],
  'a CONNECT byte by byte': [...HELLO].map((byte) => bytes(byte)),
  'a length without end': [bytes(0x10, 0xff, 0xff, 0xff, 0xff, 0xff)],
  'a CONNECT of 256 MB': [bytes(0x10, 0xff, 0xff, 0xff, 0x7f), new Uint8Array(200_000)],
  'PUBLISH before CONNECT': [PUBLISH],
  'two CONNECTs': [HELLO, HELLO],
  'MQTT 5': [generate({ ...hello, protocolVersion: 5 })],
  'MQTT 99': [Buffer.from(HELLO.map((byte, n) => (n === 8 ? 99 : byte)))],
  'an empty packet of each type': [HELLO, ...Array.from({ length: 16 }, (_, n) => bytes(n << 4, 0))],
  'QoS 3': [HELLO, bytes(0x36, 7, 0, 3, 0x61, 0x2f, 0x62, 0, 1)],
  'a topic that is not UTF-8': [HELLO, bytes(0x30, 5, 0, 3, 0xff, 0xfe, 0xfd)],
  'a topic with wildcards': [HELLO, generate({ ...publishTo('zj/v1/+/alarm') })],
  'a topic longer than the packet': [HELLO, bytes(0x30, 4, 0xff, 0xff, 0x61, 0x62)],
  'an empty topic': [HELLO, bytes(0x30, 2, 0, 0)],
  'a topic of 64 KiB': [HELLO, generate(publishTo('t'.repeat(65_000)))],
  'a packet for a server': [HELLO, bytes(0x20, 2, 0, 0)],
  'answers to nothing': [HELLO, bytes(0x40, 2, 0, 9), bytes(0x50, 2, 0, 9), bytes(0x62, 2, 0, 9), bytes(0x70, 2, 0, 9)],
  'SUBSCRIBE to nothing': [HELLO, bytes(0x82, 2, 0, 1)],
  'SUBSCRIBE to everything': [HELLO, generate({ cmd: 'subscribe', messageId: 1, subscriptions: everything() })],
};

function publishTo(topic: string) {
  return { cmd: 'publish', topic, payload: 'x', qos: 0, dup: false, retain: false } as const;
}

function everything() {
  return ['#', '+/+/+/+', '$SYS/#', 'zj/v1/#', 'zj/v1/+/feedback'].map((topic) => ({ topic, qos: 2 }) as const);
}

const many = (bytes: Buffer): Buffer =>
  Buffer.concat(Array.from({ length: Math.ceil(100_000 / bytes.length) }, () => bytes));
const vitals = '{"readings":[{"metric":"heart-rate","value":71},{"metric":"spo2","value":97}]}';

/** What a device that has gone mad may send behind its CONNECT without end: a good 100 kB of it. */
export const FLOODS: Readonly<Record<string, Buffer>> = {
  pings: many(generate({ cmd: 'pingreq' })),
  vitals: many(generate({ ...publishTo('zj/v1/mad-vitals/vitals'), payload: vitals })),
  subscriptions: many(generate({ cmd: 'subscribe', messageId: 1, subscriptions: manyFilters() })),
};

function manyFilters() {
  return Array.from({ length: 600 }, (_, n) => ({ topic: n.toString(36).padStart(2, '-'), qos: 1 }) as const);
}
