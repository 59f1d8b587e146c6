import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeDc09Event } from '../../../protocols/sia-dc09/encode.ts';
import { Dc09Framer, type Dc09Piece } from '../../../protocols/sia-dc09/framer.ts';
import { MAX_FRAME_BYTES } from '../../../protocols/sia-dc09/limits.ts';
import { anyBytes, anyMessage } from './arbitraries.ts';
import { DC09_VECTORS, onTheWire, WRONG_CRC } from './golden.ts';

const FRAMES = [...DC09_VECTORS.map(({ frame }) => onTheWire(frame)), onTheWire(WRONG_CRC)];
const [FIRST = new Uint8Array(), SECOND = new Uint8Array()] = FRAMES;
const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Pieces in order, garbage that stands together as one, whatever the chunks were. */
function pushAll(chunks: readonly Uint8Array[], framer = new Dc09Framer()): Dc09Piece[] {
  const pieces: Dc09Piece[] = [];
  for (const piece of chunks.flatMap((chunk) => framer.push(chunk))) {
    const last = pieces.at(-1);
    if (piece.kind === 'garbage' && last?.kind === 'garbage') {
      pieces[pieces.length - 1] = { kind: 'garbage', count: last.count + piece.count };
    } else pieces.push(piece);
  }
  return pieces;
}

const framesIn = (pieces: readonly Dc09Piece[]) =>
  pieces.flatMap((piece) => (piece.kind === 'frame' ? [piece.bytes] : []));

test('whole frames come out as they went in', () => {
  for (const frame of FRAMES) expect(pushAll([frame])).toEqual([{ kind: 'frame', bytes: frame }]);
});

test('byte by byte they are the same', () => {
  for (const frame of FRAMES) {
    expect(pushAll(Array.from(frame, (byte) => Uint8Array.of(byte)))).toEqual([{ kind: 'frame', bytes: frame }]);
  }
});

test('cut at each offset they are the same, and nothing comes before the last byte', () => {
  for (const frame of FRAMES) {
    for (let at = 1; at < frame.length; at++) {
      const framer = new Dc09Framer();
      expect(framer.push(frame.subarray(0, at))).toEqual([]);
      expect(framer.pendingBytes).toBe(at);
      expect(framer.push(frame.subarray(at))).toEqual([{ kind: 'frame', bytes: frame }]);
      expect(framer.pendingBytes).toBe(0);
    }
  }
});

test('two at once are two', () => {
  expect(framesIn(pushAll([join(FIRST, SECOND)]))).toEqual([FIRST, SECOND]);
});

test('noise before, between and behind is counted and hides nothing', () => {
  expect(pushAll([join(bytes('+++AT\r\n'), FIRST, bytes('\r\nnoise'), SECOND, bytes('\r\n\r\n'))])).toEqual([
    { kind: 'garbage', count: 7 },
    { kind: 'frame', bytes: FIRST },
    { kind: 'garbage', count: 7 },
    { kind: 'frame', bytes: SECOND },
    // What follows the last LF may still become a frame.
    { kind: 'garbage', count: 1 },
  ]);
});

test('a frame that breaks off is garbage when the next begins', () => {
  for (let at = 1; at < FIRST.length - 1; at++) {
    expect(pushAll([FIRST.subarray(0, at), SECOND])).toEqual([
      { kind: 'garbage', count: at },
      { kind: 'frame', bytes: SECOND },
    ]);
  }
});

test('a bad checksum is a frame still: the decoder says what it is', () => {
  expect(framesIn(pushAll([onTheWire(WRONG_CRC)]))).toHaveLength(1);
});

describe('a CRC of two bytes', () => {
  const withCrc = (high: number, low: number) =>
    join(Uint8Array.of(0x0a, high, low), bytes('0016"SIA-DCS"0001L0#1234[]\r'));

  test.each([
    [0x0a, 0x0a],
    [0x0d, 0x0d],
    [0x0a, 0x0d],
    [0x22, 0x0a],
    [0x30, 0x46],
  ])('of %i and %i is part of its frame, however it is cut', (high, low) => {
    const frame = withCrc(high, low);
    expect(pushAll([frame])).toEqual([{ kind: 'frame', bytes: frame }]);
    expect(framesIn(pushAll(Array.from(frame, (byte) => Uint8Array.of(byte))))).toEqual([frame]);
  });
});

describe('a frame that does not end', () => {
  const endless = join(bytes('\n00000000"'), new Uint8Array(MAX_FRAME_BYTES).fill(0x41));

  test('is cut off at the bound, counted, and the next one is read', () => {
    expect(pushAll([endless, bytes('\r'), FIRST])).toEqual([
      { kind: 'over-long', count: MAX_FRAME_BYTES },
      { kind: 'garbage', count: endless.length - MAX_FRAME_BYTES + 1 },
      { kind: 'frame', bytes: FIRST },
    ]);
  });

  test('one of exactly the bound is a frame', () => {
    const longest = join(endless.subarray(0, MAX_FRAME_BYTES - 1), bytes('\r'));
    expect(framesIn(pushAll([longest]))).toEqual([longest]);
  });

  test('the bound can be told', () => {
    expect(pushAll([FIRST], new Dc09Framer(20))[0]).toEqual({ kind: 'over-long', count: 20 });
  });
});

test('a bound shorter than a head still holds nothing for ever', () => {
  const framer = new Dc09Framer(4);
  framer.push(FIRST);
  expect(framer.pendingBytes).toBeLessThanOrEqual(10);
});

test('any bytes in any chunks: nothing is lost, nothing is invented', () => {
  const frame = anyMessage({ isEncrypted: false, hasTime: true }).map((message) => encodeDc09Event(message));
  const stream = fc.array(fc.oneof(frame, anyBytes), { maxLength: 6 }).map((parts) => join(...parts));
  const cuts = fc.array(fc.nat(2000), { maxLength: 8 });
  fc.assert(
    fc.property(stream, cuts, (all, at) => {
      const places = [0, ...at.map((place) => place % (all.length + 1)), all.length].toSorted((a, b) => a - b);
      const chunks = places.slice(1).map((end, index) => all.subarray(places[index], end));
      const framer = new Dc09Framer();
      const pieces = pushAll(chunks, framer);
      const whole = new Dc09Framer();
      expect(pieces).toEqual(pushAll([all], whole));
      const counted = pieces.reduce(
        (sum, piece) => sum + (piece.kind === 'frame' ? piece.bytes.length : piece.count),
        0,
      );
      expect(counted + framer.pendingBytes).toBe(all.length);
    }),
  );
});

test('a frame behind any noise without an LF is found', () => {
  const noise = anyBytes.map((some) => some.filter((byte) => byte !== 0x0a));
  const frame = anyMessage({ isEncrypted: false, hasTime: true }).map((message) => encodeDc09Event(message));
  fc.assert(
    fc.property(noise, frame, (before, sent) => {
      expect(framesIn(pushAll([join(before, sent)]))).toEqual([sent]);
    }),
  );
});
