import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SurGardFramer, type SurGardPiece } from '../../../protocols/sur-gard/framer.ts';
import { MAX_FRAME_BYTES } from '../../../protocols/sur-gard/limits.ts';

const ALARM = '5011 181234E12101001';
const HEARTBEAT = '1011           @    ';
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const said = (pieces: readonly SurGardPiece[]): (string | number)[] =>
  pieces.flatMap((piece) => (piece.kind === 'frame' ? [Buffer.from(piece.bytes).toString('latin1')] : []));
const push = (...chunks: readonly string[]): SurGardPiece[] => {
  const framer = new SurGardFramer();
  return chunks.flatMap((chunk) => [...framer.push(bytesOf(chunk))]);
};

test('a whole frame, byte by byte, and cut at each place', () => {
  const wire = `${ALARM}\x14`;
  expect(said(push(wire))).toEqual([ALARM]);
  expect(said(push(...wire))).toEqual([ALARM]);
  for (let at = 0; at <= wire.length; at += 1) expect(said(push(wire.slice(0, at), wire.slice(at)))).toEqual([ALARM]);
});

test('two at once, and one with half of the next', () => {
  expect(said(push(`${ALARM}\x14${HEARTBEAT}\x14`))).toEqual([ALARM, HEARTBEAT]);
  expect(said(push(`${ALARM}\x14${HEARTBEAT.slice(0, 7)}`, `${HEARTBEAT.slice(7)}\x14`))).toEqual([ALARM, HEARTBEAT]);
});

test('noise before a frame is counted and left out; within one it stays, for the decoder to refuse', () => {
  expect(push(`\0\xff\r\n${ALARM}\x14`)).toEqual([
    { kind: 'noise', count: 4 },
    { kind: 'frame', bytes: bytesOf(ALARM) },
  ]);
  expect(said(push(`5011\xff181234\x14`))).toEqual(['5011\xff181234']);
});

test('a DC4 without a frame is noise', () => {
  expect(push(`\x14\x14${ALARM}\x14`)).toEqual([
    { kind: 'noise', count: 2 },
    { kind: 'frame', bytes: bytesOf(ALARM) },
  ]);
});

test('a line without an end is dropped up to its end, wherever it was cut; the next is read', () => {
  const endless = 'x'.repeat(MAX_FRAME_BYTES + 100);
  const wire = `${endless}\x14${ALARM}\x14`;
  const expected = [
    { kind: 'over-long', count: endless.length },
    { kind: 'frame', bytes: bytesOf(ALARM) },
  ];
  expect(push(wire)).toEqual(expected);
  expect(push(...wire)).toEqual(expected);
  expect(said(push(`${'y'.repeat(MAX_FRAME_BYTES)}\x14`))).toEqual(['y'.repeat(MAX_FRAME_BYTES)]);
});

test('half a frame is forgotten when the line was closed, also half an over-long one', () => {
  const framer = new SurGardFramer();
  framer.push(bytesOf('5011 1812'));
  expect(framer.reset()).toBe(9);
  expect(said(framer.push(bytesOf(`${ALARM}\x14`)))).toEqual([ALARM]);
  framer.push(bytesOf('x'.repeat(1000)));
  expect(framer.reset()).toBe(1000);
  expect(said(framer.push(bytesOf(`${ALARM}\x14`)))).toEqual([ALARM]);
});

test('however the bytes are cut, the frames are the same and every byte is accounted for', () => {
  const byte = fc.oneof(fc.constantFrom(0x14, 0x06, 0x20, 0x35), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.array(byte, { maxLength: 700 }), (chunks, tail) => {
      const all = Uint8Array.from([...chunks.flatMap((chunk) => [...chunk]), ...tail]);
      const [whole, cut] = [new SurGardFramer(), new SurGardFramer()];
      const once = whole.push(all);
      const often = [...chunks, Uint8Array.from(tail)].flatMap((chunk) => [...cut.push(chunk)]);
      expect(said(often)).toEqual(said(once));
      const counted = once.reduce(
        (sum, piece) =>
          sum + (piece.kind === 'frame' ? piece.bytes.length + 1 : piece.count + (piece.kind === 'over-long' ? 1 : 0)),
        0,
      );
      expect(counted + whole.reset()).toBe(all.length);
    }),
  );
});
