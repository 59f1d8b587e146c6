import type { Redis } from 'ioredis';
import type { MqttFeedback } from '../../protocols/mqtt-json/message.ts';
import { parseLogPosition, type LogPosition } from '../incidents/log-position.ts';
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

export function createFeedbackMemory(redis: Redis, gatewayId: string): FeedbackMemory {
  const position = redisKey('feedback', gatewayId);
  return {
    loadPosition: async () => parseLogPosition((await fromStore(redis.get(position))) ?? ''),
    savePosition: async (at) => {
      await fromStore(redis.set(position, at));
    },
    noteTold: async (deviceId, feedback) => {
      await fromStore(redis.set(toldKey(deviceId, feedback), '1', 'PX', FEEDBACK_GOOD_FOR_MS));
    },
    wasTold: async (deviceId, feedback) => (await fromStore(redis.exists(toldKey(deviceId, feedback)))) === 1,
  };
}

/** One for each entry that is told: the same stage comes again when a case is claimed anew, at another time. */
function toldKey(deviceId: string, { alarmId, stage, at }: MqttFeedback): string {
  return redisKey('told', deviceId, alarmId, stage, String(at));
}
