import mqtt from 'mqtt';
import { formatTopic, isDeviceId } from '../../protocols/mqtt-json/topics.ts';
import type { CapturedFrame } from './read-capture.ts';
import type { Sender } from './sender.ts';

/**
 * Publishes payloads on their devices' topics without a password: alarms ring, marked `unverified`; a status is acknowledged and
 * dropped. Rejects where nobody listens.
 */
export async function createMqttSender(url: string): Promise<Sender> {
  const client = await mqtt.connectAsync(url, { username: 'zhuji-replay', reconnectPeriod: 0, protocolVersion: 4 });
  return {
    send: async (frame) => {
      await client.publishAsync(topicOf(frame), frame.bytes, { qos: 1 });
      return 'PUBACK';
    },
    close: () => client.endAsync(true),
  };
}

/** What belongs to nobody comes under a name that nobody has. */
function topicOf({ deviceId, meaning }: CapturedFrame): string {
  const name = deviceId !== null && isDeviceId(deviceId) ? deviceId : 'replayed';
  return formatTopic(name, isStatus(meaning) ? 'status' : 'alarm');
}

export function isStatus(meaning: string | null): boolean {
  return meaning?.startsWith('status') === true;
}
