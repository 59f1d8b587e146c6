import { decodePacket } from './decode-packet.ts';
import { MAX_NAME_CHARS } from './limits.ts';
import { readLineText } from './line-text.ts';
import type { CallerIdMessage } from './message.ts';
import { readDate, readNumber, readTime } from './number.ts';

/**
 * A line of a modem after `AT+VCID=1` (or `AT#CID=1`): result codes (ITU-T V.250 §5.7.1) and tags with a value, as makers'
 * AT manuals have them (Rockwell, Conexant, Telenetics): spaces around `=` or none. Total; what it does not know is null.
 */
export function decodeModemLine(line: Uint8Array): CallerIdMessage | null {
  const text = readLineText(line);
  const tagged = /^([A-Z_ ]+?) *= *(.*)$/i.exec(text);
  return tagged === null ? readResult(text) : readTagged((tagged[1] ?? '').toUpperCase(), tagged[2] ?? '');
}

/** Distinctive ringing adds a letter or a number to `RING`. */
function readResult(text: string): CallerIdMessage | null {
  if (/^RING( ?[A-C1-4])?$/i.test(text)) return { kind: 'ring' };
  const upper = text.toUpperCase();
  if (upper === 'OK') return { kind: 'result', isOk: true };
  return upper === 'ERROR' ? { kind: 'result', isOk: false } : null;
}

function readTagged(tag: string, value: string): CallerIdMessage | null {
  switch (tag) {
    case 'DATE': {
      const date = readDate(value.trim());
      return date === undefined ? null : { kind: 'caller', date };
    }
    case 'TIME': {
      const time = readTime(value.trim());
      return time === undefined ? null : { kind: 'caller', time };
    }
    case 'NMBR':
    case 'DDN_NMBR':
      return { kind: 'caller', ...readNumber(value) };
    case 'NAME':
      return { kind: 'caller', name: value.slice(0, MAX_NAME_CHARS) };
    case 'MESG': {
      const fields = decodePacket(value);
      return fields === null ? null : { kind: 'caller', ...fields };
    }
    default:
      return null;
  }
}
