import { MAX_NUMBER_DIGITS } from './limits.ts';
import type { CallerFields } from './message.ts';

const PRIVATE = new Set(['P', 'PRIVATE', 'ANONYMOUS', 'WITHHELD', 'BLOCKED']);
const OUT_OF_AREA = new Set(['O', 'OUT OF AREA', 'OUT-OF-AREA', 'UNAVAILABLE', 'UNKNOWN', '']);

/**
 * A number as the line tells it, or why there is none. Only what the wire adds is taken away: spaces, hyphens, dots, brackets,
 * and the letters or signs that begin and end a number sent as tones (A to D, `*`, `#`). What the exchange puts before it (0,
 * 00, a country) stays: that is the register's to understand.
 */
export function readNumber(text: string): Pick<CallerFields, 'number' | 'absence'> {
  const upper = text.trim().toUpperCase();
  if (PRIVATE.has(upper)) return { number: null, absence: 'private' };
  if (OUT_OF_AREA.has(upper)) return { number: null, absence: 'out-of-area' };
  const digits = upper
    .replaceAll(/[ ().-]/g, '')
    .replace(/^[A-D*#]/, '')
    .replace(/[A-D*#]$/, '');
  const isNumber = /^\+?\d+$/.test(digits) && digits.replace('+', '').length <= MAX_NUMBER_DIGITS;
  return isNumber ? { number: digits } : { number: null, absence: 'unreadable' };
}

/** `MMDD`, or undefined where no month has that day. */
export function readDate(text: string): string | undefined {
  const match = /^(\d\d)[-/]?(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [, month = '', day = ''] = match;
  const isDate = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
  return isDate ? month + day : undefined;
}

/** `MMDDHHMM`, each where it can be. */
export function readMoment(text: string): Pick<CallerFields, 'date' | 'time'> {
  const date = readDate(text.slice(0, 4));
  const time = readTime(text.slice(4));
  return { ...(date === undefined ? {} : { date }), ...(time === undefined ? {} : { time }) };
}

/** `HHMM`; seconds are left out. */
export function readTime(text: string): string | undefined {
  const match = /^(\d\d):?(\d\d)(?::\d\d)?$/.exec(text);
  if (match === null) return undefined;
  const [, hour = '', minute = ''] = match;
  return Number(hour) <= 23 && Number(minute) <= 59 ? hour + minute : undefined;
}
