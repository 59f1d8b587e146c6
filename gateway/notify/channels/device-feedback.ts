import type { Logger } from 'pino';
import type { AlarmEvent } from '../../../devices/event.ts';
import { encodeFeedback } from '../../../protocols/mqtt-json/encode.ts';
import { INCIDENT_KEYS } from '../../incidents/keys.ts';
import { alarmIdOf, planFeedback, stageOf, type FeedbackEntry } from '../feedback-plan.ts';

export type DeviceFeedbackDeps = {
  readonly link: { readonly publish: (deviceId: string, subtopic: 'feedback', payload: Uint8Array) => Promise<void> };
  readonly store: {
    readonly loadEvents: (incidentId: string) => Promise<AlarmEvent[]>;
    readonly loadText: (key: string) => Promise<string | null>;
  };
  /** Whether the device still belongs to whom it belonged to when the alarm came in. */
  readonly isStillWorn: (alarm: AlarmEvent) => boolean;
  readonly logger: Logger;
};

/** Chosen: entries that wait while Redis is slow. Beyond it the newest is not told; the device asks by sending again. */
const MAX_WAITING = 10_000;

/** Tells devices what became of their alarms. `take` returns at once and never throws; order is kept. */
export function createDeviceFeedback(deps: DeviceFeedbackDeps): {
  readonly take: (entry: FeedbackEntry, incident: { readonly id: string } | null) => void;
  /** Resolves when everything taken so far was handed to the link. */
  readonly settled: () => Promise<void>;
} {
  const { link, store, logger } = deps;
  let line: Promise<void> = Promise.resolve();
  let waiting = 0;

  async function tell(entry: FeedbackEntry, incidentId: string | null): Promise<void> {
    try {
      const alarms = incidentId === null ? await loadAlarm(entry) : await store.loadEvents(incidentId);
      for (const { deviceId, feedback } of planFeedback(entry, incidentId, alarms, deps.isStillWorn)) {
        await link.publish(deviceId, 'feedback', encodeFeedback(feedback));
      }
    } catch (error) {
      logger.warn({ err: error, incidentId, entryType: entry.type }, 'feedback was not sent');
    }
  }

  async function loadAlarm(entry: FeedbackEntry): Promise<AlarmEvent[]> {
    const alarmId = alarmIdOf(entry);
    const text = alarmId !== undefined ? await store.loadText(INCIDENT_KEYS.event(alarmId)) : null;
    return text === null ? [] : [JSON.parse(text) as AlarmEvent];
  }

  return {
    take: (entry, incident) => {
      if (stageOf(entry.type) === undefined) return;
      if (waiting >= MAX_WAITING) {
        logger.error(
          { incidentId: incident?.id ?? null, entryType: entry.type, waiting },
          'feedback is not sent, too many wait',
        );
        return;
      }
      waiting += 1;
      line = line
        .then(() => tell(entry, incident?.id ?? entry.incidentId ?? null))
        .finally(() => {
          waiting -= 1;
        });
    },
    settled: () => line,
  };
}
