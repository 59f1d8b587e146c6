import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLine } from '../../../protocols/at-commands/decode-line.ts';
import { encodeLine } from '../../../protocols/at-commands/encode-line.ts';
import type { AtMessage } from '../../../protocols/at-commands/message.ts';
import { splitParams } from '../../../protocols/at-commands/params.ts';

const number = fc.integer({ min: 0, max: 255 });
const message: fc.Arbitrary<AtMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('result' as const),
    result: fc.constantFrom('ok', 'error', 'connect', 'no-carrier', 'no-dialtone', 'busy', 'no-answer'),
  }),
  fc.record({ kind: fc.constant('failure' as const), of: fc.constantFrom('cms', 'cme'), code: fc.option(number) }),
  fc.record({
    kind: fc.constant('stored' as const),
    what: fc.constantFrom('message', 'report'),
    slot: fc.record({ memory: fc.constantFrom('SM', 'ME', 'SR'), index: number }),
  }),
  fc.record({ kind: fc.constant('direct' as const), what: fc.constantFrom('message', 'report'), octets: number }),
  fc.record({ kind: fc.constant('read' as const), status: fc.constantFrom(0, 1, 2, 3), octets: number }),
  fc.record({
    kind: fc.constant('listed' as const),
    index: number,
    status: fc.constantFrom(0, 1, 2, 3),
    octets: number,
  }),
  fc.record({ kind: fc.constant('sent' as const), reference: number }),
  fc.record({ kind: fc.constant('signal' as const), level: fc.option(fc.integer({ min: 0, max: 31 })) }),
  fc.record({
    kind: fc.constant('registration' as const),
    registration: fc.constantFrom('off', 'home', 'searching', 'denied', 'unknown', 'roaming'),
  }),
  fc.record({ kind: fc.constant('sim' as const), state: fc.constantFrom('READY', 'SIM PIN', 'SIM PUK') }),
  fc.constant({ kind: 'ring' as const }),
  fc.record({
    kind: fc.constant('caller' as const),
    number: fc.stringMatching(/^[0-9]{3,15}$/),
    isInternational: fc.boolean(),
  }),
  fc.constant({ kind: 'caller' as const, number: null, isInternational: false }),
  fc.record({
    kind: fc.constant('storage' as const),
    memory: fc.constantFrom('SM', 'ME', null),
    used: number,
    total: number,
  }),
);

describe('a line of a modem', () => {
  test('is what was said', () => {
    fc.assert(
      fc.property(message, (said) => {
        expect(decodeLine(encodeLine(said))).toEqual(said);
      }),
    );
  });

  test('is something, whatever was said', () => {
    const noise = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc
        .tuple(
          fc.constantFrom('CMTI', 'CMT', 'CMGR', 'CMGL', 'CSQ', 'CREG', 'CLIP', 'CPMS', 'CPIN', 'CDS'),
          fc.string(),
        )
        .map(([name, rest]) => `+${name}:${rest}`),
    );
    fc.assert(
      fc.property(noise, (said) => {
        expect(decodeLine(said).kind).toBeTypeOf('string');
      }),
    );
  });

  test.each<[string, AtMessage]>([
    ['+CREG: 1', { kind: 'registration', registration: 'home' }],
    ['+CREG: 2,5,"1A2B","00C3"', { kind: 'registration', registration: 'roaming' }],
    ['+CREG: 1,"1A2B","00C3"', { kind: 'registration', registration: 'home' }],
    ['+CREG: 2,1,"1A2B","01C3D4E5",7', { kind: 'registration', registration: 'home' }],
    ['+CREG: 5,"1A2B","01C3D4E5",7', { kind: 'registration', registration: 'roaming' }],
    ['+CPMS: "SM",30,30,"SM",30,30,"SM",30,30', { kind: 'storage', memory: 'SM', used: 30, total: 30 }],
    ['+CMS ERROR: SIM busy', { kind: 'failure', of: 'cms', code: null }],
    ['+CLIP: "",128,"",0,"",2', { kind: 'caller', number: null, isInternational: false }],
    ['+CLIP: "13800000000",161', { kind: 'caller', number: '13800000000', isInternational: false }],
    ['+CMGR: 1,"Li, Wei",23', { kind: 'read', status: 1, octets: 23 }],
    ['+CSQ: 99,99', { kind: 'signal', level: null }],
    ['+CRING: VOICE', { kind: 'ring' }],
    ['constructor', { kind: 'text', text: 'constructor' }],
    ['^RSSI: 12', { kind: 'text', text: '^RSSI: 12' }],
  ])('%s', (said, meant) => expect(decodeLine(said)).toEqual(meant));
});

test('a comma within quotes is text', () => {
  expect(splitParams(' 3,1,"Li, Wei",,23')).toEqual(['3', '1', 'Li, Wei', '', '23']);
});
