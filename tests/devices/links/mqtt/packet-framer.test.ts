import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { PacketFramer } from '../../../../devices/links/mqtt/packet-framer.ts';
import { encodeRemainingLength } from '../../../../devices/links/mqtt/packet-shape.ts';

const BOUND = 65_536;

function frame(chunks: readonly Buffer[]) {
  const framer = new PacketFramer();
  const packets: Buffer[] = [];
  let cut = 0;
  for (const chunk of chunks) {
    const framed = framer.push(chunk);
    packets.push(...framed.packets);
    cut += framed.cut;
    if (framed.fault !== undefined) return { packets, cut, fault: framed.fault };
  }
  return { packets, cut };
}

/** Comparing a hundred kilobytes byte by byte through expect takes seconds. */
function prints({ packets, ...rest }: ReturnType<typeof frame>) {
  return { ...rest, packets: packets.map((packet) => createHash('sha256').update(packet).digest('hex')) };
}

const publish = (payload: Buffer | string, qos: 0 | 1 | 2 = 1, topic = 'zj/v1/d1/alarm') =>
  generate({ cmd: 'publish', topic, payload, qos, dup: false, retain: false, ...(qos > 0 ? { messageId: 513 } : {}) });
const connect = generate({
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clientId: 'c',
  clean: true,
  keepalive: 0,
});
const ping = generate({ cmd: 'pingreq' });
const some = [connect, publish('{"type":"sos"}'), ping, publish('x'.repeat(300), 2), publish('', 0), ping];
const stream = Buffer.concat(some);

test('whole packets come out whole, also two and more at once', () => {
  expect(frame([stream])).toEqual({ packets: some, cut: 0 });
});

test('byte by byte it is the same', () => {
  expect(frame([...stream].map((byte) => Buffer.of(byte)))).toEqual({ packets: some, cut: 0 });
});

test('cut at each offset it is the same', () => {
  for (let at = 0; at <= stream.length; at++) {
    expect(frame([stream.subarray(0, at), stream.subarray(at)]).packets).toEqual(some);
  }
});

test('however a stream is cut up, the same packets come out', () => {
  const large = Buffer.concat([...some, publish(Buffer.alloc(BOUND + 5000, 1)), ...some]);
  const expected = frame([large]);
  fc.assert(
    fc.property(fc.array(fc.nat(large.length), { maxLength: 30 }), (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), large.length];
      const chunks = edges.slice(1).map((edge, i) => large.subarray(edges[i], edge));
      expect(prints(frame(chunks))).toEqual(prints(expected));
    }),
    { numRuns: 50 },
  );
});

describe('a PUBLISH over the bound', () => {
  test.each([0, 1, 2] as const)('of QoS %i keeps topic and packet id and exactly 64 KiB of payload', (qos) => {
    const payload = Buffer.alloc(200_000, 'abc');
    const expected = { packets: [publish(payload.subarray(0, BOUND), qos), ping], cut: 1 };
    expect(prints(frame([publish(payload, qos), ping]))).toEqual(prints(expected));
  });

  test('comes out when its first 64 KiB are here, before the rest was sent', () => {
    const whole = publish(Buffer.alloc(10_000_000));
    const framer = new PacketFramer();
    expect(framer.push(whole.subarray(0, BOUND + 17)).packets).toEqual([]);
    expect(framer.push(whole.subarray(BOUND + 17, BOUND + 100)).packets).toHaveLength(1);
    expect(framer.isInsidePacket).toBe(true);
    expect(framer.push(whole.subarray(BOUND + 100)).packets).toEqual([]);
    expect(framer.isInsidePacket).toBe(false);
    expect(framer.push(ping).packets).toEqual([ping]);
  });

  test('just below, at and just over the bound', () => {
    for (const extra of [-20, -1, 0, 1, 2, 20]) {
      const payload = Buffer.alloc(BOUND + extra, 7);
      const expected = { packets: [publish(payload.subarray(0, BOUND)), ping], cut: extra > 0 ? 1 : 0 };
      expect(prints(frame([publish(payload), ping]))).toEqual(prints(expected));
    }
  });

  test('two hundred megabytes of it pass through a buffer of bounded size', () => {
    const header = Buffer.concat([Buffer.of(0x30), encodeRemainingLength(200_000_000), Buffer.from([0, 1, 0x61])]);
    const framer = new PacketFramer();
    const megabyte = Buffer.alloc(1_000_000);
    framer.push(header);
    let bytes = 0;
    for (let sent = 3; sent < 200_000_000; sent += megabyte.length) {
      for (const packet of framer.push(megabyte.subarray(0, Math.min(megabyte.length, 200_000_000 - sent))).packets)
        bytes += packet.length;
    }
    expect(framer.isInsidePacket).toBe(false);
    expect(bytes).toBe(BOUND + 7);
  });
});

test.each([
  ['a type that no client sends', Buffer.of(0x20, 2, 0, 0), 'bad-type'],
  ['type 0', Buffer.of(0x00, 0), 'bad-type'],
  ['type 15', Buffer.of(0xf0, 0), 'bad-type'],
  ['a length of five bytes', Buffer.of(0x30, 0xff, 0xff, 0xff, 0xff, 1), 'bad-length'],
  ['an oversized CONNECT', Buffer.concat([Buffer.of(0x10), encodeRemainingLength(BOUND + 1)]), 'oversized'],
  ['an oversized SUBSCRIBE', Buffer.concat([Buffer.of(0x82), encodeRemainingLength(200_000_000)]), 'oversized'],
  ['a PUBLISH without a topic', Buffer.of(0x30, 1, 0), 'bad-publish'],
  ['a PUBLISH whose topic is longer than itself', Buffer.of(0x30, 4, 0, 9, 0x61, 0x62), 'bad-publish'],
  ['a PUBLISH of QoS 1 without a packet id', Buffer.of(0x32, 3, 0, 1, 0x61), 'bad-publish'],
])('%s is a fault, and what came before it counts', (_, bytes, fault) => {
  expect(frame([Buffer.concat([ping, bytes, ping])])).toEqual({ packets: [ping], cut: 0, fault });
  expect(frame([ping, ...[...bytes].map((byte) => Buffer.of(byte)), ping])).toEqual({ packets: [ping], cut: 0, fault });
});

test('after a fault it stays mute', () => {
  const framer = new PacketFramer();
  framer.push(Buffer.of(0xf0));
  expect(framer.push(stream)).toEqual({ packets: [], cut: 0, fault: 'bad-type' });
});

test('a declared length alone takes no memory, and noise is packets or a fault', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (chunks) => {
      const { packets } = frame(chunks.map((chunk) => Buffer.from(chunk)));
      for (const packet of packets) expect(packet.length).toBeLessThanOrEqual(2 * BOUND + 9);
    }),
  );
});
