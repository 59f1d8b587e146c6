import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AtFramer, type AtFrame } from '../../../protocols/at-commands/framer.ts';
import { MAX_LINE_CHARS } from '../../../protocols/at-commands/limits.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const SAID = '\r\n+CMTI: "SM",3\r\n\r\nOK\r\n\r\n> \r\n+CMGS: 12\r\n';
const HEARD: AtFrame[] = [
  { kind: 'line', text: '+CMTI: "SM",3' },
  { kind: 'line', text: 'OK' },
  { kind: 'prompt' },
  { kind: 'line', text: '+CMGS: 12' },
];

describe('what a modem says', () => {
  test('is heard whole', () => expect(new AtFramer().push(bytes(SAID))).toEqual(HEARD));

  test('is heard byte by byte', () => {
    const framer = new AtFramer();
    expect([...bytes(SAID)].flatMap((byte) => framer.push(Uint8Array.of(byte)))).toEqual(HEARD);
  });

  test('is heard cut at each place', () => {
    for (let at = 0; at <= SAID.length; at += 1) {
      const framer = new AtFramer();
      expect([...framer.push(bytes(SAID.slice(0, at))), ...framer.push(bytes(SAID.slice(at)))]).toEqual(HEARD);
    }
  });

  test('is heard behind noise', () => {
    const framer = new AtFramer();
    expect(framer.push(bytes(`\u0000\u00FFÿ%\r${SAID}`)).slice(1)).toEqual(HEARD);
  });

  test('is left out where a line is too long, and the next one is heard', () => {
    const framer = new AtFramer();
    const long = 'x'.repeat(MAX_LINE_CHARS + 500);
    expect(framer.push(bytes(`${long}\r\nOK\r\n`))).toEqual([
      { kind: 'overlong', chars: long.length },
      { kind: 'line', text: 'OK' },
    ]);
    expect(framer.push(bytes(`${'y'.repeat(MAX_LINE_CHARS)}\r`))).toEqual([
      { kind: 'line', text: 'y'.repeat(MAX_LINE_CHARS) },
    ]);
  });

  test('of before an unplug is forgotten', () => {
    const framer = new AtFramer();
    framer.push(bytes('0791'));
    framer.reset();
    expect(framer.push(bytes('RING\r\n'))).toEqual([{ kind: 'line', text: 'RING' }]);
  });

  test('never makes it throw or grow', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 5 }), (chunks) => {
        const framer = new AtFramer();
        for (const frame of chunks.flatMap((chunk) => framer.push(chunk))) {
          if (frame.kind === 'line') expect(frame.text.length).toBeLessThanOrEqual(MAX_LINE_CHARS);
        }
      }),
    );
  });
});
