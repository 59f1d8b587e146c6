import type { Logger } from 'pino';
import type { AlarmLane } from '../alarm-lane.ts';
import type { Account } from '../in-flight.ts';
import type { Arrival, ContactSink, NumberBook, NumberedSender, WallClock } from '../ports.ts';
import { callerOf } from '../sender.ts';
import { tellSafely } from '../tell-safely.ts';
import { alarmOfCall } from '../../meaning/caller-id.ts';
import type { CallNews } from './call-tracker.ts';

export type CallLaneOptions = {
  /** Of the line; a call without a number is the line's. */
  readonly name: string;
  readonly book: NumberBook;
  readonly lane: Pick<AlarmLane, 'accept'>;
  readonly contacts: Pick<ContactSink, 'heard'>;
  readonly clock: WallClock;
  readonly logger: Logger;
};

export type CallLane = {
  /** `raw`: the lines that told of the call. */
  readonly tell: (news: CallNews, raw: Uint8Array) => void;
};

/** So many notes may wait behind alarms that nothing keeps; further ones are dropped. Alarms never are. Chosen. */
const MOST_NOTES = 100;
/** Some lines tell no end of a call: of so many it is waited for. Chosen; a line has one or two at a time. */
const MOST_CALLS = 100;

/**
 * Hands what is to be told of calls to the door. An alarm goes at once and again until it is kept: a telephone line asks for no
 * acknowledgement and repeats nothing. How a call went on goes behind its own alarm, never before it.
 */
export function createCallLane(options: CallLaneOptions): CallLane {
  const { name, book, lane, contacts, clock, logger } = options;
  const account: Account = { bytes: 0 };
  /** The call that is going on, by number: its alarm on the way, and what makes it one call. */
  const calls = new Map<string | null, { readonly alarm: Promise<unknown>; readonly id: string }>();
  let notes = 0;

  function accept({ call }: CallNews, { deviceId, standing, caller }: NumberedSender, callId: string, raw: Uint8Array) {
    const source = { protocol: 'caller-id', peer: name } as const;
    // A retry of ours is the same news; everything else is another.
    const message = { ...alarmOfCall(call, caller), sequence: `${callId}:${call}` };
    const arrival: Arrival = { deviceId, standing, source, message, raw, caller };
    // The lane has told why when it failed.
    return lane.accept(arrival, account, 'we-repeat').then(
      () => true,
      () => false,
    );
  }

  return {
    tell: (news, raw) => {
      const sender = callerOf(book, name, news.number, logger);
      const { deviceId, standing, caller } = sender;
      if (news.call === 'ringing') {
        const id = clock.nowMs().toString(36);
        calls.delete(news.number);
        calls.set(news.number, { alarm: accept(news, sender, id, raw), id });
        const [oldest] = calls.size > MOST_CALLS ? calls.keys() : [];
        if (oldest !== undefined) calls.delete(oldest);
        if (caller.whose === 'device') tellSafely(name, logger, () => contacts.heard(deviceId, standing));
      } else {
        const call = calls.get(news.number);
        // Nothing more is told of it.
        calls.delete(news.number);
        if (call === undefined || notes >= MOST_NOTES) return;
        notes += 1;
        void call.alarm
          .then(() => accept(news, sender, call.id, raw))
          .finally(() => {
            notes -= 1;
          });
      }
      logger.info({ line: name, call: news.call, whose: caller.whose, deviceId }, 'telephone call');
    },
  };
}
