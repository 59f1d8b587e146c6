import type { Redis } from 'ioredis';
import type { MqttFeedback } from '../../protocols/mqtt-json/message.ts';
import { parseLogPosition, type LogPosition } from '../incidents/log/log-position.ts';
import { fromStore } from '../incidents/store-silence.ts';
import { redisKey } from '../store/keys.ts';
import { FEEDBACK_GOOD_FOR_MS } from './missed-feedback.ts';

/** What a gateway must still know of its feedback after it died. Rejects with StoreSilentError. */
export type FeedbackMemory = {
  /** Up to where in the log this gateway has told its devices; null before its first start. */
  readonly loadPosition: () => Promise<LogPosition | null>;
  readonly savePosition: (position: LogPosition) => Promise<void>;
  /** A device was told something; also another gateway knows that then. */
  readonly noteTold: (deviceId: string, feedback: MqttFeedback) => Promise<void>;
  readonly wasTold: (deviceId: string, feedback: MqttFeedback) => Promise<boolean>;
};

/** What was told while Redis was away is known here alone; chosen: a quarter of an hour of a busy gateway. */
const REMEMBERED_HERE = 20_000;

export function createFeedbackMemory(redis: Redis, gatewayId: string): FeedbackMemory {
  const position = redisKey('feedback', gatewayId);
  const toldHere = new Set<string>();
  return {
    loadPosition: async () => parseLogPosition((await fromStore(redis.get(position))) ?? ''),
    savePosition: async (at) => {
      await fromStore(redis.set(position, at));
    },
    noteTold: async (deviceId, feedback) => {
      const key = toldKey(deviceId, feedback);
      toldHere.add(key);
      for (const oldest of toldHere) {
        if (toldHere.size <= REMEMBERED_HERE) break;
        toldHere.delete(oldest);
      }
      await fromStore(redis.set(key, '1', 'PX', FEEDBACK_GOOD_FOR_MS));
    },
    wasTold: async (deviceId, feedback) => {
      const key = toldKey(deviceId, feedback);
      return toldHere.has(key) || (await fromStore(redis.exists(key))) === 1;
    },
  };
}

/** One for each entry that is told: the same stage comes again when a case is claimed anew, at another time. */
function toldKey(deviceId: string, { alarmId, stage, at }: MqttFeedback): string {
  return redisKey('told', deviceId, alarmId, stage, String(at));
}
