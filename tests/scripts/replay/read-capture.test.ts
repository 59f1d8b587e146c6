import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallState } from '../../../devices/event.ts';
import { alarmOfCall } from '../../../devices/meaning/caller-id.ts';
import { describeMessage } from '../../../devices/meaning/describe-message.ts';
import { CaptureError, PROTOCOLS, readCapture } from '../../../scripts/replay/read-capture.ts';
import { MAX_PAUSE_MS, planPauses } from '../../../scripts/replay/replay.ts';
import { maySend, readTarget } from '../../../scripts/replay/target.ts';

const AT = '2026-03-01T08:00:00.000Z';
const exported = (fields: object = {}) => ({
  ...{ id: '1.0', at: AT, link: 'mqtt', direction: 'in', peer: 'p', deviceId: 'd1', meaning: 'alarm sos' },
  ...{ eventIds: [], hex: '7B7D', text: '{}', isCut: false },
  ...fields,
});

test('what the export wrote is sent in the order in which it came, without what the gateway answered', () => {
  const newestFirst = [
    exported({ hex: '03', at: '2026-03-01T08:00:01.000Z' }),
    exported({ hex: '06', direction: 'out' }),
    exported({ hex: '02', link: 'dc09', deviceId: null }),
    exported({ hex: '01' }),
  ];
  const frames = readCapture(JSON.stringify(newestFirst), null);
  expect(frames.map(({ bytes, protocol, deviceId }) => [bytes[0], protocol, deviceId])).toEqual([
    [1, 'mqtt-json', 'd1'],
    [2, 'sia-dc09', null],
    [3, 'mqtt-json', 'd1'],
  ]);
});

test('a line each, of JSON or of plain text, says the same', () => {
  const lines = [exported(), exported({ hex: 'ff', link: 'sia-dc09', deviceId: null })];
  const json = readCapture(lines.map((line) => JSON.stringify(line)).join('\n'), null);
  const text = readCapture(`# a comment\n\n${AT} mqtt 7B7D d1\n${AT}  sia-dc09\tFF # another\n`, null);
  expect(text.map(({ meaning: _, ...frame }) => frame)).toEqual(json.map(({ meaning: _, ...frame }) => frame));
});

test('the name of a serial port needs to be told what it speaks; of a call only its ringing is sent', () => {
  const traced = (state: CallState): string => describeMessage(alarmOfCall(state, { whose: 'device' }), 'unverified');
  const calls = [
    exported({ link: 'north', meaning: traced('missed') }),
    exported({ link: 'north', meaning: traced('answered') }),
    exported({ link: 'north', meaning: traced('ringing'), hex: '01' }),
  ];
  expect(() => readCapture(JSON.stringify(calls), null)).toThrow(/say with --as what that speaks/u);
  expect(readCapture(JSON.stringify(calls), 'caller-id')).toMatchObject([
    { protocol: 'caller-id', bytes: Buffer.of(1) },
  ]);
  expect(readCapture(JSON.stringify(calls), 'sur-gard')).toHaveLength(3);
});

test('a mark at the begin of the file, as some editors write it, is no fault', () => {
  expect(readCapture(`\uFEFF${JSON.stringify([exported()])}`, null)).toHaveLength(1);
  expect(readCapture(`\uFEFF${AT} mqtt 7B7D d1`, null)).toHaveLength(1);
});

describe('a capture that is none', () => {
  test.each([
    ['', /no frame/u],
    ['# nothing', /no frame/u],
    ['[]', /no frame/u],
    [JSON.stringify([exported({ direction: 'out' })]), /no frame/u],
    ['[{"at":"2026"}]', /frame 1 needs at, link and hex/u],
    ['[{]', /no JSON/u],
    ['{"at":1}\n{', /frame 1|line 2/u],
    [`${AT} mqtt`, /line 1 needs time/u],
    [`${AT} mqtt XYZ`, /line 1 has no hex digits/u],
    [`${AT} mqtt ABC`, /line 1 has no hex digits/u],
    ['yesterday mqtt AB', /line 1 has no ISO time/u],
    [JSON.stringify([exported({ isCut: true })]), /longer than what is kept/u],
  ])('%s', (text, message) => {
    expect(() => readCapture(text, null)).toThrow(message);
  });

  test('whatever it is, is frames or a fault that says so', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...PROTOCOLS, null), (text, as) => {
        try {
          readCapture(text, as);
        } catch (error) {
          expect(error).toBeInstanceOf(CaptureError);
        }
      }),
    );
  });
});

test('pauses are those of the capture, none for a clock that was set back, a minute at most, and none at all if asked', () => {
  const at = [0, 500, 400, 3_600_000].map((atMs) => ({
    ...{ atMs, protocol: 'mqtt-json' as const, deviceId: null, bytes: Buffer.of(), meaning: null },
  }));
  expect(planPauses(at, false)).toEqual([0, 500, 0, MAX_PAUSE_MS]);
  expect(planPauses(at, true)).toEqual([0, 0, 0, 0]);
});

test('a target takes only what is spoken there', () => {
  expect(readTarget('tcp://127.0.0.1:4000')).toEqual({ kind: 'tcp', host: '127.0.0.1', port: 4000 });
  expect(readTarget('udp://[::1]:4000')).toEqual({ kind: 'udp', host: '::1', port: 4000 });
  expect(readTarget('mqtt://127.0.0.1:1883')).toEqual({ kind: 'mqtt', url: 'mqtt://127.0.0.1:1883' });
  expect(readTarget('/dev/ttyUSB0')).toEqual({ kind: 'serial', path: '/dev/ttyUSB0' });
  for (const wrong of ['', 'tcp://host', 'http://127.0.0.1:80', 'ttyUSB0']) expect(readTarget(wrong), wrong).toBeNull();
  const takers = PROTOCOLS.map((protocol) =>
    ['tcp://h:1', 'udp://h:1', 'mqtt://h:1', '/dev/tty'].filter((text) => {
      const target = readTarget(text);
      return target !== null && maySend(target, protocol);
    }),
  );
  expect(takers).toEqual([['mqtt://h:1'], ['tcp://h:1', 'udp://h:1'], ['/dev/tty'], ['/dev/tty'], []]);
});
