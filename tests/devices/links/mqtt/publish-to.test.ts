import fc from 'fast-check';
import { generate, parser, type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { PacketFramer } from '../../../../devices/links/mqtt/packet-framer.ts';
import { readPublishTo } from '../../../../devices/links/mqtt/publish-to.ts';

const OWN = 'zj/v1/w-1/vitals';

const anyPublish: fc.Arbitrary<Packet> = fc
  .record({
    topic: fc.constantFrom(OWN, 'zj/v1/w-1/vital', 'zj/v1/w-2/vitals', 'zj/v1/w-1/vitalsx', 'zj/v1/w-1/alarm', '助急'),
    payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    qos: fc.constantFrom(0, 1, 2),
    messageId: fc.integer({ min: 1, max: 65_535 }),
    dup: fc.boolean(),
    retain: fc.boolean(),
  })
  .map((fields) => ({ cmd: 'publish', ...fields, dup: fields.dup && fields.qos > 0 }));

function parse(bytes: Buffer): Packet {
  let parsed: Packet | undefined;
  const reader = parser();
  reader.on('packet', (packet: Packet) => {
    parsed = packet;
  });
  reader.parse(bytes);
  if (parsed === undefined) throw new Error('no packet');
  return parsed;
}

test('a packet to the topic is read as the broker would read it, and any other is left to it', () => {
  fc.assert(
    fc.property(anyPublish, (packet) => {
      const bytes = generate(packet);
      const theirs = parse(bytes);
      if (theirs.cmd !== 'publish') throw new Error('not a PUBLISH');
      const ours = readPublishTo(OWN, bytes);
      if (theirs.topic === OWN && theirs.qos < 2) {
        expect(ours).toEqual({ payload: theirs.payload, messageId: theirs.qos === 0 ? undefined : theirs.messageId });
      } else {
        expect(ours).toBeUndefined();
      }
    }),
  );
});

test('whatever the framer lets pass, nothing throws', () => {
  const publish = generate({
    cmd: 'publish',
    topic: OWN,
    payload: 'x',
    qos: 1,
    messageId: 7,
    dup: false,
    retain: false,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        fc.tuple(fc.nat({ max: publish.length - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => {
          const changed = Buffer.from(publish);
          changed[at] = byte;
          return changed;
        }),
      ),
      (bytes) => {
        for (const packet of new PacketFramer().push(bytes).packets) readPublishTo(OWN, packet);
      },
    ),
    { numRuns: 2000 },
  );
});
