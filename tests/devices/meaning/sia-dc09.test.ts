import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlarmMessage } from '../../../devices/event.ts';
import { meaningsOfDc09 } from '../../../devices/meaning/sia-dc09.ts';
import type { Dc09Message } from '../../../protocols/sia-dc09/message.ts';
import { decodeDc09 } from '../../../protocols/sia-dc09/decode.ts';
import { DC09_VECTORS, onTheWire } from '../../protocols/sia-dc09/golden.ts';

const AT = Date.UTC(2026, 4, 1, 12);
const frame = (data: string, rest: Partial<Dc09Message> = {}): Dc09Message => ({
  token: 'SIA-DCS',
  isEncrypted: false,
  sequence: 7,
  receiver: '1',
  line: '0',
  account: '1234',
  data,
  xdata: [],
  at: AT,
  crcStyle: 'hex',
  lenIsRight: true,
  ...rest,
});

function alarmsOf(message: Dc09Message): AlarmMessage[] {
  return meaningsOfDc09(message, []).flatMap((meaning) => (meaning.kind === 'alarm' ? [meaning.message] : []));
}

describe('golden frames mean', () => {
  const UNKNOWN = { kind: 'alarm', message: { kind: 'alarm', type: 'unknown' } };
  test.each([
    [0, { kind: 'status', code: 'RR' }],
    [1, UNKNOWN],
    [2, { kind: 'status', code: 'NAK' }],
    [3, { kind: 'heartbeat' }],
    [4, { kind: 'heartbeat' }],
    // Without its key a NULL is a heartbeat still, anything else an alarm.
    [5, { kind: 'heartbeat' }],
    [6, { kind: 'alarm', message: { type: 'unknown', faults: [{ code: 'not-decrypted', path: '/data' }] } }],
    [7, { kind: 'status', code: '3401 01 057' }],
    [
      8,
      {
        kind: 'alarm',
        message: {
          kind: 'alarm',
          type: 'panic',
          zone: '501',
          at: Date.UTC(2021, 3, 22, 20, 45, 46),
          location: { lat: 49 + 6.6666666 / 60, lon: 6 + 7.7777777 / 60, datum: 'wgs84' },
          faults: [{ code: 'wrong-length', path: '/length' }],
        },
      },
    ],
  ])('number %i', (index, meaning) => {
    const decoded = decodeDc09(onTheWire(DC09_VECTORS[index]?.frame ?? ''));
    expect(decoded.ok && meaningsOfDc09(decoded.message, decoded.faults)).toMatchObject([meaning]);
  });
});

test('several events of one frame are several, each with its own sequence', () => {
  const alarms = alarmsOf(frame('#1234|Nri1/QA1/FA2|NWA3'));
  expect(alarms).toMatchObject([
    { type: 'sos', zone: '1' },
    { type: 'smoke', zone: '2' },
    { type: 'water', zone: '3' },
  ]);
  expect(new Set(alarms.map(({ sequence }) => sequence)).size).toBe(3);
});

test('an alarm beside a status and a heartbeat is still an alarm', () => {
  expect(meaningsOfDc09(frame('#1234|NOP1|NQA1|NRP'), [])).toMatchObject([
    { kind: 'status' },
    { kind: 'alarm', message: { type: 'sos' } },
    { kind: 'heartbeat' },
  ]);
});

test('Contact ID in a frame means what it means elsewhere', () => {
  expect(alarmsOf(frame('#1234|1101 01 015', { token: 'ADM-CID' }))).toMatchObject([
    { kind: 'alarm', type: 'sos', zone: '015', at: AT },
  ]);
});

test('the time of occurrence wins over the time of sending', () => {
  const xdata = [{ letter: 'H', text: '11:59:00,05-01-2026' }];
  expect(alarmsOf(frame('#1234|NQA1', { xdata }))[0]?.at).toBe(AT - 60_000);
});

test('text, room and site are told together with the event', () => {
  const xdata = [
    { letter: 'I', text: 'help' },
    { letter: 'M', text: '0026B9E4268B' },
    { letter: 'R', text: '卧室' },
  ];
  expect(alarmsOf(frame('#1234|NQA1|Anow', { xdata }))[0]?.text).toBe(
    'QA1 求助报警 / emergency alarm: now · help · 卧室',
  );
});

test('a text that is too long is cut, and never in the middle of a character', () => {
  const xdata = [{ letter: 'I', text: '😀'.repeat(600) }];
  const text = alarmsOf(frame('NQA1', { xdata }))[0]?.text;
  expect(text?.length).toBe(1000);
  expect(text?.isWellFormed()).toBe(true);
});

test('one coordinate alone is no place', () => {
  expect(alarmsOf(frame('NQA1', { xdata: [{ letter: 'X', text: '006E07.7' }] }))[0]).not.toHaveProperty('location');
});

describe('the sequence', () => {
  const sequenceOf = (message: Dc09Message) => alarmsOf(message)[0]?.sequence;
  const first = sequenceOf(frame('#1234|NQA1'));

  test('is the same when the frame is sent again at another time', () => {
    expect(first).toBeDefined();
    expect(sequenceOf(frame('#1234|NQA1', { at: AT + 10_000 }))).toBe(first);
  });

  test.each<[string, Dc09Message]>([
    ['number', frame('#1234|NQA1', { sequence: 8 })],
    ['receiver', frame('#1234|NQA1', { receiver: '2' })],
    ['line', frame('#1234|NQA1', { line: '1' })],
    ['event', frame('#1234|NQA2')],
    ['time of occurrence', frame('#1234|NQA1', { xdata: [{ letter: 'H', text: '11:59:00,05-01-2026' }] })],
  ])('differs with another %s', (_, other) => {
    expect(sequenceOf(other)).not.toBe(first);
  });

  test('of a frame that nobody can decrypt is its number alone: sent again, its time is encrypted anew', () => {
    const [first, again, next] = [
      ['A1', 7],
      ['B2', 7],
      ['B2', 8],
    ].map(([data, sequence]) => {
      const secret = frame(String(data), { isEncrypted: true, sequence: Number(sequence) });
      const [meaning] = meaningsOfDc09(secret, [{ code: 'not-decrypted', path: '/data' }]);
      return meaning?.kind === 'alarm' ? meaning.message.sequence : undefined;
    });
    expect(first).toBeDefined();
    expect(again).toBe(first);
    expect(next).not.toBe(first);
  });

  test('is none where the number is 0: nothing would tell two presses apart', () => {
    expect(sequenceOf(frame('#1234|NQA1', { sequence: 0 }))).toBeUndefined();
  });
});

test.each<[string, Dc09Message, string]>([
  ['an unknown code', frame('#1234|NQQ1'), 'unknown-code'],
  ['an unknown token', frame('#1234|NQA1', { token: 'XYZ' }), 'unknown-code'],
  ['unreadable SIA', frame('#1234|?'), 'unknown-code'],
  ['text alone', frame('#1234|Ahelp'), 'unknown-code'],
  ['unreadable Contact ID', frame('#1234|NQA1', { token: 'ADM-CID' }), 'unknown-code'],
  ['nothing', frame('#1234|'), 'empty'],
])('%s is an alarm of type unknown', (_, message, code) => {
  const [alarm] = alarmsOf(message);
  expect(alarm).toMatchObject({ kind: 'alarm', type: 'unknown' });
  expect(alarm?.faults.map((fault) => fault.code)).toContain(code);
});

test('whatever a frame says, it means something, and no text of it is too long for an incident', () => {
  const message = fc.record({
    token: fc.constantFrom('SIA-DCS', 'ADM-CID', 'NULL', 'ACK', 'XYZ'),
    data: fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'NQARP1306 ^|/#ti'), maxLength: 2000 })),
    xdata: fc.array(fc.record({ letter: fc.constantFrom(...'HIXYZMq'), text: fc.string({ maxLength: 1500 }) }), {
      maxLength: 5,
    }),
  });
  fc.assert(
    fc.property(message, (part) => {
      const meanings = meaningsOfDc09(frame(part.data, part), []);
      expect(meanings.length).toBeGreaterThan(0);
      for (const meaning of meanings) {
        if (meaning.kind !== 'alarm') continue;
        expect(meaning.message.text?.length ?? 0).toBeLessThanOrEqual(1000);
        expect(meaning.message.text?.isWellFormed() ?? true).toBe(true);
        expect(meaning.message.zone?.length ?? 0).toBeLessThanOrEqual(64);
      }
    }),
    { numRuns: 300 },
  );
});
