import type { Logger } from 'pino';
import type { AlarmEvent, EventId } from '../../devices/event.ts';
import type { Clock } from '../clock.ts';
import { errorCode, NotDurableError } from '../errors.ts';
import type { StreamAnswer } from './alarm-stream.ts';
import type { AlarmDoor, Arrival } from '../../devices/links/ports.ts';
import { judgeDurability, type JournalSide, type StreamSide } from './verdict.ts';

export type DoorJournal = { readonly append: (event: AlarmEvent) => Promise<void> };

export type DoorOutbox = {
  /** Sends at once and again until Redis has it; `report` hears of each attempt. */
  readonly send: (event: AlarmEvent, report: (answer: StreamAnswer) => void) => void;
  /** What became of the journal's copy. */
  readonly journalled: (id: EventId, isKept: boolean) => void;
};

export type DoorOptions = {
  readonly journal: DoorJournal;
  readonly outbox: DoorOutbox;
  readonly clock: Clock;
  readonly ids: () => EventId;
  readonly gatewayId: string;
  readonly logger: Logger;
  readonly bounds?: DoorBounds;
};

/** For alarms that come from no frame: a case by hand, or one that the gateway raises itself. Same promise as `accept`. */
export type Door = AlarmDoor & {
  readonly raise: (fields: Omit<AlarmEvent, 'id' | 'receivedAt' | 'gatewayId'>) => Promise<AlarmEvent>;
  /** Tells `observer` from now on; one at a time. */
  readonly observe: (observer: DoorObserver) => void;
};

/** Hears what happens at the door, for its numbers; must not throw, and is told after the alarm was answered. */
export type DoorObserver = {
  readonly received: (protocol: AlarmEvent['source']['protocol']) => void;
  readonly acked: (path: 'journal' | 'redis', latencyMs: number) => void;
  readonly refused: () => void;
};

/** How many alarms may wait for an answer of either side. */
export type DoorBounds = { readonly maxWaiting: number; readonly maxWaitingBytes: number };

/** Chosen: a town's worth of alarms in the seconds until a disk or Redis is back. */
const BOUNDS: DoorBounds = { maxWaiting: 10_000, maxWaitingBytes: 32 * 1024 * 1024 };

/** A frame is kept up to here. */
const MAX_RAW_BYTES = 64 * 1024;
/** What an event weighs beside its frame, for the bound. */
const EVENT_BYTES = 1024;

/**
 * The one way in for an alarm. Between the call and the two writes stands nothing but the making of the event: no look-up,
 * no filter, no throttle, no judgement on repeats (promise P2). Refused at once is only what would exceed the bounds.
 */
export function createDoor(options: DoorOptions): Door {
  const { journal, outbox, clock, ids, gatewayId, logger } = options;
  const bounds = options.bounds ?? BOUNDS;
  let waiting = 0;
  let waitingBytes = 0;
  let observer: DoorObserver | null = null;

  function admit(bytes: number, make: () => AlarmEvent): Promise<AlarmEvent> {
    if (waiting >= bounds.maxWaiting || waitingBytes + bytes > bounds.maxWaitingBytes) {
      observer?.refused();
      logger.error({ waiting, waitingBytes }, 'alarm refused, too many wait to become durable');
      return Promise.reject(new NotDurableError('door-full', 'too many alarms wait to become durable'));
    }
    waiting += 1;
    waitingBytes += bytes;
    return keep(make()).finally(() => {
      waiting -= 1;
      waitingBytes -= bytes;
    });
  }

  function keep(event: AlarmEvent): Promise<AlarmEvent> {
    return new Promise((resolve, reject) => {
      let journalSide: JournalSide = 'pending';
      let streamSide: StreamSide = 'pending';
      let journalCode: string | undefined;
      let streamCode: string | undefined;
      let isDecided = false;
      const cameMonoMs = clock.monoMs();
      const decide = (): void => {
        const verdict = judgeDurability(journalSide, streamSide);
        if (isDecided || verdict === 'wait') return;
        isDecided = true;
        if (verdict === 'ack') {
          resolve(event);
          observer?.acked(journalSide === 'durable' ? 'journal' : 'redis', clock.monoMs() - cameMonoMs);
          return;
        }
        observer?.refused();
        logger.error({ eventId: event.id, journalCode, streamCode }, 'alarm could not be made durable');
        reject(new NotDurableError('not-durable', 'neither the journal nor redis kept the alarm'));
      };

      journal.append(event).then(
        () => {
          journalSide = 'durable';
          outbox.journalled(event.id, true);
          decide();
        },
        (error: unknown) => {
          journalSide = 'failed';
          journalCode = errorCode(error);
          outbox.journalled(event.id, false);
          decide();
        },
      );
      outbox.send(event, (answer) => {
        streamSide = answer.kind;
        streamCode = answer.kind === 'silent' ? answer.code : undefined;
        decide();
      });
      observer?.received(event.source.protocol);
    });
  }

  return {
    accept: (arrival) =>
      admit(EVENT_BYTES + arrival.raw.length, () => createEvent(arrival, ids(), clock.nowMs(), gatewayId)),
    raise: (fields) =>
      admit(EVENT_BYTES + fields.raw.length, () => ({ ...fields, id: ids(), receivedAt: clock.nowMs(), gatewayId })),
    observe: (next) => {
      observer = next;
    },
  };
}

function createEvent(arrival: Arrival, id: EventId, receivedAt: number, gatewayId: string): AlarmEvent {
  const { deviceId, standing, source, message, caller } = arrival;
  const frame = arrival.raw.subarray(0, MAX_RAW_BYTES);
  const raw = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64');
  return {
    id,
    deviceId,
    receivedAt,
    gatewayId,
    standing,
    source,
    message,
    raw,
    ...(caller === undefined ? {} : { caller }),
  };
}
