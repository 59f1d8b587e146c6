import type { Logger } from 'pino';
import type { AlarmEvent } from '../../../devices/event.ts';
import { encodeFeedback } from '../../../protocols/mqtt-json/encode.ts';
import type { Clock } from '../../clock.ts';
import { INCIDENT_KEYS } from '../../incidents/keys.ts';
import { comparePositions, LOG_START, type LogPosition } from '../../incidents/log/log-position.ts';
import type { LogReader } from '../../incidents/log/log-reader.ts';
import type { IncidentRecord } from '../../incidents/record.ts';
import { faultWord } from '../../incidents/store-silence.ts';
import type { FeedbackMemory } from '../feedback-memory.ts';
import { alarmIdOf, planFeedback, stageOf, type DeviceFeedback, type FeedbackEntry } from '../feedback-plan.ts';
import { FEEDBACK_GOOD_FOR_MS, MissedFeedback, type MissedEntry } from '../missed-feedback.ts';

export type DeviceFeedbackDeps = {
  readonly link: {
    readonly publish: (deviceId: string, subtopic: 'feedback', payload: Uint8Array) => Promise<void>;
    /** It has asked for its feedback on a connection that stands, or in a session that is kept. */
    readonly isListening: (deviceId: string) => boolean;
  };
  readonly store: {
    readonly loadEvents: (incidentId: string) => Promise<AlarmEvent[]>;
    readonly loadText: (key: string) => Promise<string | null>;
    readonly loadIncident: (incidentId: string) => Promise<Pick<IncidentRecord, 'types'> | null>;
  };
  readonly reader: Pick<LogReader, 'page'>;
  readonly memory: FeedbackMemory;
  /** Whether the device still belongs to whom it belonged to when the alarm came in. */
  readonly isStillWorn: (alarm: AlarmEvent) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
};

type About = { readonly alarms: readonly AlarmEvent[]; readonly types: IncidentRecord['types'] };

/** Chosen: entries that wait while Redis is slow. Beyond it the newest is not told; the device asks by sending again. */
const MAX_WAITING = 10_000;
const PAGE = 500;
/** How often the position is saved; what is told twice after a death is known by its mark. Chosen. */
const SAVE_EVERY_MS = 1000;

/**
 * Tells the devices of this gateway's own link what became of their alarms, in the order of the log. A device that does not
 * listen now is told when it does; what fell due while this gateway was down is told after its start. Both for a quarter of
 * an hour.
 */
export function createDeviceFeedback(deps: DeviceFeedbackDeps): {
  /** Returns at once and never throws. `id` is the entry's position; null for what is not in the log (yet). */
  readonly take: (entry: FeedbackEntry, incident: { readonly id: string } | null, id?: LogPosition | null) => void;
  /** Tells what came since the last entry that was handled, up to a position that `take` goes on from. */
  readonly catchUp: (upTo: LogPosition) => void;
  /** A device asks for its feedback from now on. */
  readonly listens: (deviceId: string) => void;
  /** Resolves when everything taken so far was handed to the link. */
  readonly settled: () => Promise<void>;
} {
  const { link, store, memory, clock, logger } = deps;
  const missed = new MissedFeedback();
  let line: Promise<void> = Promise.resolve();
  let waiting = 0;
  let handled: LogPosition | null = null;
  let savedMonoMs = Number.NEGATIVE_INFINITY;

  /** `isLate`: it may have been told before, by this gateway or another. */
  async function tell({ entry, incidentId }: MissedEntry, isLate: boolean, only?: string): Promise<void> {
    try {
      const { alarms, types } = incidentId === null ? await loadAlarm(entry) : await loadCase(incidentId);
      for (const told of planFeedback(entry, incidentId, alarms, deps.isStillWorn, types)) {
        if (only !== undefined && told.deviceId !== only) continue;
        if (isLate && (await wasTold(told))) continue;
        await tellOne(told, { entry, incidentId });
      }
    } catch (error) {
      logger.warn({ err: error, incidentId, entryType: entry.type }, 'feedback was not sent');
    }
  }

  /** Twice does no harm, never does. */
  async function wasTold({ deviceId, feedback }: DeviceFeedback): Promise<boolean> {
    try {
      return await memory.wasTold(deviceId, feedback);
    } catch (error) {
      logger.debug({ code: faultWord(error), deviceId }, 'what was told before is not known');
      return false;
    }
  }

  async function tellOne({ deviceId, feedback }: DeviceFeedback, missedEntry: MissedEntry): Promise<void> {
    if (!link.isListening(deviceId)) {
      missed.keep(deviceId, missedEntry, clock.monoMs());
      return;
    }
    await link.publish(deviceId, 'feedback', encodeFeedback(feedback));
    memory.noteTold(deviceId, feedback).catch((error: unknown) => {
      logger.debug({ code: faultWord(error), deviceId }, 'what was told may be told once more');
    });
  }

  async function loadCase(incidentId: string): Promise<About> {
    const [alarms, incident] = await Promise.all([store.loadEvents(incidentId), store.loadIncident(incidentId)]);
    return { alarms, types: incident?.types ?? [] };
  }

  async function loadAlarm(entry: FeedbackEntry): Promise<About> {
    const alarmId = alarmIdOf(entry);
    const text = alarmId !== undefined ? await store.loadText(INCIDENT_KEYS.event(alarmId)) : null;
    return { alarms: text === null ? [] : [JSON.parse(text) as AlarmEvent], types: [] };
  }

  function inLine(work: () => Promise<void>): void {
    waiting += 1;
    line = line.then(work).finally(() => {
      waiting -= 1;
    });
  }

  function advance(position: LogPosition | null): void {
    if (position === null || (handled !== null && comparePositions(position, handled) <= 0)) return;
    handled = position;
    if (clock.monoMs() - savedMonoMs < SAVE_EVERY_MS) return;
    savedMonoMs = clock.monoMs();
    memory.savePosition(position).catch((error: unknown) => {
      logger.debug({ code: faultWord(error) }, 'the position of the feedback was not saved');
    });
  }

  async function tellSince(upTo: LogPosition): Promise<void> {
    // Nothing is known of the log yet: Redis is away, and the position that it keeps still counts.
    if (upTo === LOG_START) return;
    const last = handled ?? (await memory.loadPosition());
    const oldest = `${Math.max(0, clock.nowMs() - FEEDBACK_GOOD_FOR_MS)}-0` as LogPosition;
    // A gateway that never ran has nothing to make good.
    let from = last === null ? upTo : comparePositions(last, oldest) < 0 ? oldest : last;
    let told = 0;
    while (comparePositions(from, upTo) < 0) {
      const page = await deps.reader.page(from, PAGE);
      for (const { id, entry, incident } of page) {
        if (comparePositions(id, upTo) > 0) break;
        if (stageOf(entry.type) === undefined) continue;
        told += 1;
        await tell({ entry, incidentId: incident?.id ?? entry.incidentId ?? null }, true);
      }
      from = page.at(-1)?.id ?? upTo;
    }
    advance(upTo);
    if (told > 0) logger.info({ entries: told }, 'feedback that fell due meanwhile was looked at');
  }

  return {
    take: (entry, incident, id = null) => {
      if (stageOf(entry.type) === undefined) {
        if (waiting === 0) advance(id);
        return;
      }
      if (waiting >= MAX_WAITING) {
        logger.error(
          { incidentId: incident?.id ?? null, entryType: entry.type, waiting },
          'feedback is not sent, too many wait',
        );
        return;
      }
      inLine(async () => {
        await tell({ entry, incidentId: incident?.id ?? entry.incidentId ?? null }, false);
        advance(id);
      });
    },
    catchUp: (upTo) => {
      inLine(async () => {
        try {
          await tellSince(upTo);
        } catch (error) {
          logger.warn({ code: faultWord(error) }, 'feedback that fell due meanwhile could not be read');
        }
      });
    },
    listens: (deviceId) => {
      const entries = missed.take(deviceId, clock.monoMs());
      for (const entry of entries) inLine(() => tell(entry, true, deviceId));
    },
    settled: () => line,
  };
}
