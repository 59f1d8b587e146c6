import type { Logger } from 'pino';
import type { AlarmEvent } from '../../../devices/event.ts';
import { errorCode } from '../../errors.ts';
import { encodeEvent } from '../../ingest/event-json.ts';
import type { AlarmDecider } from '../decide.ts';
import { StoreSilentError } from '../store-silence.ts';

/** Decides alarms in this gateway's memory: those of one device in their order, devices side by side. Never rejects. */
export function createDecideHere(deps: {
  readonly decide: AlarmDecider;
  /** What is made of an alarm that cannot be decided. */
  readonly giveUp: (streamId: string, text: string) => Promise<void>;
  readonly logger: Logger;
}): (event: AlarmEvent) => Promise<void> {
  const { decide, giveUp, logger } = deps;
  const lines = new Map<string, Promise<void>>();

  async function decideOne(event: AlarmEvent): Promise<void> {
    try {
      const { verdict, incidentId } = await decide(event, null);
      logger.info({ alarmId: event.id, deviceId: event.deviceId, incidentId, verdict }, 'alarm decided without redis');
    } catch (error) {
      // Redis is back: its dispatch decides.
      if (error instanceof StoreSilentError) return;
      logger.error({ err: error, alarmId: event.id }, 'alarm could not be decided without redis');
      await giveUp(`local-${event.id}`, encodeEvent(event)).catch((worse: unknown) => {
        logger.error({ code: errorCode(worse), alarmId: event.id }, 'alarm waits for redis');
      });
    }
  }

  return (event) => {
    const device = event.deviceId ?? '';
    const before = lines.get(device) ?? Promise.resolve();
    const done = before.then(() => decideOne(event));
    lines.set(device, done);
    void done.then(() => {
      if (lines.get(device) === done) lines.delete(device);
    });
    return done;
  };
}
