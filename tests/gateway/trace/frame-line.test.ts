import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findLines } from '../../../gateway/trace/find-lines.ts';
import { beginOfDevice, formatLine, MAX_RAW_BYTES, parseLine, partOfLink } from '../../../gateway/trace/frame-line.ts';
import { frameOf } from './frames.ts';

const kept = fc.record({
  link: fc.constantFrom('mqtt', 'dc09', 'north'),
  peer: fc.string({ maxLength: 60 }),
  direction: fc.constantFrom('in' as const, 'out' as const),
  deviceId: fc.option(fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/u)),
  raw: fc.uint8Array({ maxLength: 200 }),
  meaning: fc.string({ maxLength: 100 }),
  eventIds: fc.array(fc.stringMatching(/^[0-9A-Z]{26}$/u), { maxLength: 3 }),
});
const frames = kept.map((frame) => ({ ...frame, isSignOfLife: false }));

test('what is kept of a frame is the frame', () => {
  fc.assert(
    fc.property(kept, fc.nat(), (frame, at) => {
      expect(parseLine(formatLine({ ...frame, isSignOfLife: true }, at))).toEqual({
        ...frame,
        raw: Buffer.from(frame.raw),
        at,
        isCut: false,
      });
    }),
  );
});

test('any line is read or is none, whatever stands in it', () => {
  fc.assert(fc.property(fc.string(), (text) => parseLine(text) === null || true));
  for (const text of ['', '   ', 'null', '[]', '{"i":null}', '{"i":"a","l":"x","t":1'])
    expect(parseLine(text)).toBeNull();
});

test('what is no id among the ids of events is left out: an object of JSON may refuse to be text', () => {
  const line = parseLine('{"i":"a","l":"x","t":1,"d":"in","p":"","m":"","e":[{"toString":1},7,"01"],"r":""}');
  expect(line?.eventIds).toEqual(['01']);
});

test("the lines of a device and of a link are found among others', and no word of a frame is taken for one", () => {
  fc.assert(
    fc.property(fc.array(frames, { maxLength: 20 }), fc.constantFrom('d1', 'd"2'), (others, own) => {
      const traps = [
        frameOf('other', beginOfDevice(own), { meaning: beginOfDevice(own), peer: partOfLink('mine') }),
        frameOf(own, 'x', { link: 'mine' }),
      ];
      const torn = '{"i":"d1","l":"mine","t":';
      const lines = [...others, ...traps].map((frame) => formatLine(frame, 1));
      const bytes = Buffer.from(`${lines.join('')}${torn}`);
      const read = (needle: string) =>
        findLines(bytes, Buffer.from(needle)).map(({ from, to }) => bytes.toString('utf8', from, to));
      const expected = lines.filter((line) => parseLine(line)?.deviceId === own).map((line) => line.trimEnd());
      // Also what a power cut tore: it is read as no frame, but to be erased it must be found.
      expect(read(beginOfDevice(own))).toEqual(own === 'd1' ? [...expected, torn] : expected);
      expect(read(partOfLink('mine'))).toEqual([...lines.slice(-1).map((line) => line.trimEnd()), torn]);
    }),
  );
});

test('of a long frame the begin is kept, and it says so', () => {
  const line = parseLine(formatLine(frameOf('d1', 'x'.repeat(MAX_RAW_BYTES + 1)), 1));
  expect(line).toMatchObject({ isCut: true });
  expect(line?.raw.length).toBe(MAX_RAW_BYTES);
});

test('a frame is copied: what a link does to its buffer afterwards changes nothing', () => {
  const raw = Buffer.from('sos');
  const line = formatLine(frameOf('d1', '', { raw }), 1);
  raw.fill(0);
  expect(parseLine(line)?.raw.toString()).toBe('sos');
});
