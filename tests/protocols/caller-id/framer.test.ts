import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineFramer } from '../../../protocols/caller-id/framer.ts';
import { MAX_LINE_BYTES } from '../../../protocols/caller-id/limits.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (lines: readonly Uint8Array[]): string[] => lines.map((line) => new TextDecoder().decode(line));

/** A call as a modem writes it. */
const CALL = '\r\nRING\r\n\r\nDATE = 1122\r\nTIME = 0214\r\nNMBR = 13800001111\r\n\r\nRING\r\n';
const LINES = ['RING', 'DATE = 1122', 'TIME = 0214', 'NMBR = 13800001111', 'RING'];

describe('Lines of a modem or a box', () => {
  test('come whole', () => {
    expect(textOf(new LineFramer().push(bytes(CALL)))).toEqual(LINES);
  });

  test('come byte by byte', () => {
    const framer = new LineFramer();
    expect(textOf([...bytes(CALL)].flatMap((byte) => framer.push(Uint8Array.of(byte))))).toEqual(LINES);
  });

  test('are the same wherever they are cut', () => {
    const whole = bytes(CALL);
    for (let at = 0; at <= whole.length; at += 1) {
      const framer = new LineFramer();
      const lines = [...framer.push(whole.subarray(0, at)), ...framer.push(whole.subarray(at))];
      expect(textOf(lines)).toEqual(LINES);
    }
  });

  test('end with CR, with LF or with both', () => {
    expect(textOf(new LineFramer().push(bytes('RING\rRING\nRING\r\nRING')))).toEqual(['RING', 'RING', 'RING']);
  });

  test('noise before a line is a line of its own or stands before it, and costs no other', () => {
    const framer = new LineFramer();
    const noise = Uint8Array.of(0xff, 0x00, 0x80, 0x7f);
    framer.push(noise);
    expect(textOf(framer.push(bytes(`\r\n${CALL}`))).slice(1)).toEqual(LINES);
  });

  test('one that is too long is dropped and counted, and the next is read', () => {
    const framer = new LineFramer();
    expect(framer.push(bytes('x'.repeat(MAX_LINE_BYTES + 1)))).toEqual([]);
    expect(framer.push(bytes('y'.repeat(10 * MAX_LINE_BYTES)))).toEqual([]);
    expect(textOf(framer.push(bytes(`\r\nRING\r\n${'z'.repeat(MAX_LINE_BYTES)}\r`)))).toEqual([
      'RING',
      'z'.repeat(MAX_LINE_BYTES),
    ]);
    expect(framer.counters).toEqual({ overlongLines: 1 });
  });

  test('half a line is forgotten when the cable is pulled', () => {
    const framer = new LineFramer();
    framer.push(bytes('NMBR = 138'));
    framer.reset();
    expect(textOf(framer.push(bytes('00001111\r\nRING\r\n')))).toEqual(['00001111', 'RING']);
  });

  test('whatever comes in whatever pieces, no line is longer than the bound and none holds its own end', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2 * MAX_LINE_BYTES }), { maxLength: 5 }), (chunks) => {
        const framer = new LineFramer();
        for (const line of chunks.flatMap((chunk) => framer.push(chunk))) {
          expect(line.length).toBeGreaterThan(0);
          expect(line.length).toBeLessThanOrEqual(MAX_LINE_BYTES);
          expect(line.includes(0x0d) || line.includes(0x0a)).toBe(false);
        }
      }),
    );
  });
});
