import { readLineText } from './line-text.ts';
import type { CallerFields, CallerIdMessage } from './message.ts';
import { readDate, readMoment, readNumber, readTime } from './number.ts';

/** Words by which boxes are taken to tell what happens on the line. Assumed, see the README. */
const RING = /^(RING(ING)?|BELL)$/i;
const OFF_HOOK = /^(OFF[- _]?HOOK|HOOK[- _]?OFF|PICK[- _]?UP|ANSWER(ED)?)$/i;
const ON_HOOK = /^(ON[- _]?HOOK|HOOK[- _]?ON|HANG[- _]?UP)$/i;

/** Chosen: fewer digits on a line of their own are noise, not a number. */
const LEAST_DIGITS = 3;

/** A word before a field: `CID:`, `TEL=`, `NUM:`. */
const LABEL = /^[A-Z_]{1,12} *[:=] */i;

/**
 * A line of a caller-ID box: a mark, or one line with the number and mostly the time of the call before it
 * (`MMDDHHMM`, or `MMDD HHMM`, `MM-DD HH:MM`, with a year or without), between spaces, tabs, commas or semicolons. Total.
 */
export function decodeBoxLine(line: Uint8Array): CallerIdMessage | null {
  const text = readLineText(line);
  if (RING.test(text)) return { kind: 'ring' };
  if (OFF_HOOK.test(text)) return { kind: 'off-hook' };
  if (ON_HOOK.test(text)) return { kind: 'on-hook' };
  const fields = text
    .replace(LABEL, '')
    .split(/[\s,;]+/)
    .filter((field) => field !== '');
  const { moment, rest } = takeMoment(fields);
  const [first, ...behind] = rest;
  if (first === undefined) return null;
  const told = readNumber(first.replace(LABEL, ''));
  if (told.absence === 'unreadable' || (told.number ?? '000').replace('+', '').length < LEAST_DIGITS) return null;
  return { kind: 'caller', ...takeMoment(behind).moment, ...moment, ...told };
}

type Moment = Pick<CallerFields, 'date' | 'time'>;

/** Date and time at the head of the line. The last field is never taken for one: it is the number. */
function takeMoment(fields: readonly string[]): { readonly moment: Moment; readonly rest: readonly string[] } {
  const [first = '', second = ''] = fields;
  const apart = { date: readDateField(first), time: readTime(second) };
  if (apart.date !== undefined && apart.time !== undefined) {
    return { moment: { date: apart.date, time: apart.time }, rest: fields.slice(2) };
  }
  const joined = readMoment(first);
  if (first.length === 8 && fields.length > 1 && joined.date !== undefined && joined.time !== undefined) {
    return { moment: joined, rest: fields.slice(1) };
  }
  return { moment: {}, rest: fields };
}

function readDateField(field: string): string | undefined {
  return readDate(field.replace(/^20\d\d[-/]?/, ''));
}
