import { PUBLISH, typeOf } from './packet-shape.ts';

/** What is left of a PUBLISH once its topic is known (MQTT 3.1.1 §3.3). */
export type Published = {
  /** A view. */
  readonly payload: Buffer;
  /** What the sender waits for an answer to; undefined at QoS 0. */
  readonly messageId: number | undefined;
};

/**
 * A PUBLISH of QoS 0 or 1 to just this topic, which is ASCII. Undefined for anything else: that is for the broker to judge. The
 * packet is one that the framer let pass, so its lengths are sound.
 */
export function readPublishTo(topic: string, packet: Buffer): Published | undefined {
  const first = packet[0] ?? 0;
  const qos = (first & 0b0000_0110) >> 1;
  if (typeOf(first) !== PUBLISH || qos > 1) return undefined;
  let at = 1;
  while (((packet[at] ?? 0) & 0b1000_0000) !== 0) at += 1;
  const topicAt = at + 3;
  const topicEnd = topicAt + packet.readUInt16BE(at + 1);
  if (topicEnd - topicAt !== topic.length || packet.toString('latin1', topicAt, topicEnd) !== topic) return undefined;
  return qos === 0
    ? { payload: packet.subarray(topicEnd), messageId: undefined }
    : { payload: packet.subarray(topicEnd + 2), messageId: packet.readUInt16BE(topicEnd) };
}
