import { createHash } from 'node:crypto';
import type { AlarmEvent } from '../../devices/event.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** How far before and after receipt a device's clock is believed at all (design §4 Identity). */
export const CREDIBLE_BEFORE_MS = 7 * DAY;
export const CREDIBLE_AFTER_MS = 5 * MINUTE;
/** Without a believable id and time only the same content within this span is a repeat. */
export const CONTENT_WINDOW_MS = 5 * SECOND;
/**
 * How long a frame with the same sequence is the same frame. Chosen: panels give up, or take another way, after three or four
 * attempts some 20 s apart; a counter of four digits does not come round in it.
 */
export const SEQUENCE_WINDOW_MS = 2 * MINUTE;
/** How long marks are kept: as long as a journal can hold a copy of the frame, and a day. */
export const MARK_TTL_MS = 8 * DAY;

/** What is remembered of an alarm that was taken, under its repeat keys. */
export type RepeatMark = {
  readonly eventId: string;
  readonly incidentId: string | null;
  readonly receivedAt: number;
};

/** Whether a device's clock has shown itself right (`proven`) or wrong (`flagged`); null when it has shown neither. */
export type ClockTrust = 'proven' | 'flagged' | null;

export type ClockReading = 'none' | 'fresh' | 'late' | 'incredible';

/** `late` is credible but more than five minutes old: an alarm kept through an outage, or a clock that is wrong. */
export function readClock(at: number | undefined, receivedAt: number): ClockReading {
  if (at === undefined) return 'none';
  const agoMs = receivedAt - at;
  if (!Number.isFinite(agoMs) || agoMs > CREDIBLE_BEFORE_MS || agoMs < -CREDIBLE_AFTER_MS) return 'incredible';
  return agoMs <= CREDIBLE_AFTER_MS ? 'fresh' : 'late';
}

/** What this reading does to the trust in the device's clock; `late` proves nothing either way. */
export function nextTrust(trust: ClockTrust, reading: ClockReading): ClockTrust {
  if (reading === 'fresh') return 'proven';
  return reading === 'incredible' ? 'flagged' : trust;
}

/** By what a repeat is known. */
export type RepeatRule = 'id' | 'sequence' | 'content';

const WINDOWS_MS = { sequence: SEQUENCE_WINDOW_MS, content: CONTENT_WINDOW_MS } as const;

/**
 * The key under which a repeat of this alarm would be found. The device's own id and time count for seven days, but only
 * while its clock is right *now* or has proved itself: a pendant whose clock restarts at the same moment with every battery
 * sends the same id and time with every press, and each of them is a person. Alarm receivers number their frames and send one
 * again, perhaps under another time, until it is acknowledged: within two minutes the same sequence is the same frame. Everything
 * else is keyed by its content.
 *
 * The one press that a sequence can swallow: the same cry under the same number within two minutes of the first, from a panel whose
 * counter began anew in between (a power cut, a battery) or does not count. The first of them rang moments before; whatever has
 * another number, or says anything else, rings.
 *
 * The standing is part of every key, so that nobody without the secret can lay a mark that swallows a real press; and so is
 * the wearer (`deviceKey` of the facts), so that nothing which the former one sent swallows a press of the next.
 */
export function calcRepeatKey(
  event: AlarmEvent,
  trust: ClockTrust,
  deviceKey: string | null = event.deviceId,
): { readonly rule: RepeatRule; readonly key: string } {
  const { message } = event;
  if (event.byHand !== undefined) return { rule: 'id', key: hashOf(['by-hand', event.id]) };
  const sender = [event.standing, event.source.publisher ?? '', deviceKey ?? ''];
  const reading = readClock(message.at, event.receivedAt);
  const isClockRight = reading === 'fresh' || (reading === 'late' && trust === 'proven');
  if (message.id !== undefined && message.at !== undefined && isClockRight && trust !== 'flagged') {
    return { rule: 'id', key: hashOf(['id', ...sender, message.kind, message.type, message.id, String(message.at)]) };
  }
  if (message.sequence !== undefined) {
    const said = [message.kind, message.type, message.zone ?? '', message.sequence];
    return { rule: 'sequence', key: hashOf(['sequence', ...sender, ...said]) };
  }
  return { rule: 'content', key: hashOf(['content', ...sender, event.raw]) };
}

/** Whether the mark found under the key makes this alarm a repeat. */
export function isRepeat(rule: RepeatRule, event: AlarmEvent, mark: RepeatMark | null): boolean {
  if (mark === null) return false;
  return rule === 'id' || Math.abs(event.receivedAt - mark.receivedAt) <= WINDOWS_MS[rule];
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
