import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBoxLine } from '../../../protocols/caller-id/decode-box.ts';
import { decodeModemLine } from '../../../protocols/caller-id/decode-modem.ts';
import { encodeBoxCaller, encodeLine, encodeModemCaller, encodePacket } from '../../../protocols/caller-id/encode.ts';
import { LineFramer } from '../../../protocols/caller-id/framer.ts';
import type { CallerFields, CallerIdMessage, DecodeLine } from '../../../protocols/caller-id/message.ts';
import { BOX_LINES, MODEM_LINES } from './golden.ts';

const latin = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

const two = (min: number, max: number) => fc.integer({ min, max }).map((value) => String(value).padStart(2, '0'));
const date = fc.tuple(two(1, 12), two(1, 28)).map((parts) => parts.join(''));
const time = fc.tuple(two(0, 23), two(0, 59)).map((parts) => parts.join(''));
const number = fc.stringMatching(/^[0-9]{3,15}$/);
const told = fc.oneof(
  number.map((digits) => ({ number: digits })),
  fc.constant({ number: null, absence: 'private' as const }),
  fc.constant({ number: null, absence: 'out-of-area' as const }),
);
const call: fc.Arbitrary<CallerFields> = fc
  .tuple(date, time, told)
  .map(([day, at, who]) => ({ date: day, time: at, ...who }));

function readAll(bytes: Uint8Array, decode: DecodeLine): CallerFields {
  const messages = new LineFramer().push(bytes).map(decode);
  return Object.assign({}, ...messages.map(fieldsOf)) as CallerFields;
}

function fieldsOf(message: CallerIdMessage | null): CallerFields {
  if (message?.kind !== 'caller') return {};
  const { kind: _, ...fields } = message;
  return fields;
}

describe('Lines of a caller-ID modem', () => {
  test.each(MODEM_LINES)('%s: %j', (_, line, message) => {
    expect(decodeModemLine(latin(line))).toEqual(message);
  });

  test('what was written is read', () => {
    fc.assert(
      fc.property(call, (fields) => {
        expect(readAll(encodeModemCaller(fields), decodeModemLine)).toEqual(fields);
      }),
    );
  });

  test('what was written as a packet is read', () => {
    fc.assert(
      fc.property(call, (fields) => {
        const line = encodeLine(`MESG = ${encodePacket(fields)}`);
        expect(readAll(line, decodeModemLine)).toEqual(fields);
      }),
    );
  });

  test('a packet with one bit flipped is refused', () => {
    fc.assert(
      fc.property(call, fc.nat(), fc.nat(7), (fields, place, bit) => {
        const hex = encodePacket(fields);
        const at = place % (hex.length / 2);
        const byte = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16) ^ (1 << bit);
        const flipped = hex.slice(0, 2 * at) + byte.toString(16).padStart(2, '0') + hex.slice(2 * at + 2);
        expect(decodeModemLine(latin(`MESG = ${flipped}`))).toBeNull();
      }),
    );
  });

  test('are read or not, whatever they are; reading never throws', () => {
    const start = fc.constantFrom('', 'RING', 'NMBR = ', 'MESG = ', 'DATE=', 'TIME =', 'NAME = ');
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 700 }), (head, tail) => {
        decodeModemLine(Uint8Array.from([...latin(head), ...tail]));
      }),
    );
  });
});

describe('Lines of a caller-ID box', () => {
  test.each(BOX_LINES)('%s: %j', (_, line, message) => {
    expect(decodeBoxLine(latin(line))).toEqual(message);
  });

  test('what was written is read', () => {
    fc.assert(
      fc.property(call, (fields) => {
        expect(readAll(encodeBoxCaller(fields), decodeBoxLine)).toEqual(fields);
      }),
    );
  });

  test('are read or not, whatever they are; reading never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (line) => {
        decodeBoxLine(line);
      }),
    );
  });
});
