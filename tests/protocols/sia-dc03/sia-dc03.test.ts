import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSiaCode, SIA_CODES, wordsOfSia } from '../../../protocols/sia-dc03/codes.ts';
import { decodeSia } from '../../../protocols/sia-dc03/decode.ts';
import { encodeSia } from '../../../protocols/sia-dc03/encode.ts';
import { MAX_EVENTS, MAX_TEXT_CHARS } from '../../../protocols/sia-dc03/limits.ts';
import type { SiaEvent, SiaPayload } from '../../../protocols/sia-dc03/message.ts';

const event = (code: string, rest: Partial<SiaEvent> = {}): SiaEvent => ({ code, isOld: false, ...rest });

/** Payloads of public implementations, manuals and bug reports. */
test.each<[payload: string, read: SiaPayload]>([
  ['NRR|Atest', { events: [event('RR')], text: 'test' }],
  ['NFA129', { events: [event('FA', { zone: '129' })] }],
  ['Nti20:50:26RP99', { events: [event('RP', { zone: '99', time: '20:50:26' })] }],
  ['Nti19:44/id1/ri4/RP', { events: [event('RP', { time: '19:44', user: '1', area: '4' })] }],
  ['Nri1/PA501', { events: [event('PA', { zone: '501', area: '1' })] }],
  ['|Nri1/CL501', { events: [event('CL', { zone: '501', area: '1' })] }],
  ['Nri1CL0^VX FRONTE ^', { events: [event('CL', { zone: '0', area: '1', text: 'VX FRONTE ' })] }],
  ['Nri1OP0001*Familie*', { events: [event('OP', { zone: '0001', area: '1', text: 'Familie' })] }],
  ["Nri04/OP001*'NM", { events: [event('OP', { zone: '001', area: '04', text: "'NM" })] }],
  ['Nid3/ri2/OP3^Jérôme^', { events: [event('OP', { zone: '3', user: '3', area: '2', text: 'Jérôme' })] }],
  ['Nri1/BA01/BA02', { events: [event('BA', { zone: '01', area: '1' }), event('BA', { zone: '02', area: '1' })] }],
  ['Nri1/BA1/ri2/BA1', { events: [event('BA', { zone: '1', area: '1' }), event('BA', { zone: '1', area: '2' })] }],
  ['Nri1/BA1|NFA2', { events: [event('BA', { zone: '1', area: '1' }), event('FA', { zone: '2' })] }],
  ['ORP', { events: [event('RP', { isOld: true })] }],
  ['Npi7/ETB', { events: [event('ET', { peripheral: '7' })] }],
  // Without the N: the letters alone must tell.
  ['QA1', { events: [event('QA', { zone: '1' })] }],
  ['NL2', { events: [event('NL', { zone: '2' })] }],
  ['NNL2', { events: [event('NL', { zone: '2' })] }],
  ['OP1', { events: [event('OP', { zone: '1' })] }],
  ['OPA12', { events: [event('PA', { zone: '12', isOld: true })] }],
  ['AT01', { events: [event('AT', { zone: '01' })] }],
  ['NQA1|AT01', { events: [event('QA', { zone: '1' })], text: 'T01' }],
  ['AQ12', { events: [], text: 'Q12' }],
  ['Ahello', { events: [], text: 'hello' }],
  ['', { events: [] }],
])('%j is read', (payload, read) => {
  expect(decodeSia(payload).payload).toEqual(read);
});

test('what cannot be read is named by its block, and the rest counts', () => {
  expect(decodeSia('NQA1|?|NFA2/#/WA3')).toEqual({
    payload: { events: [event('QA', { zone: '1' }), event('FA', { zone: '2' }), event('WA', { zone: '3' })] },
    faults: [
      { code: 'bad-field', path: '/block/1' },
      { code: 'bad-field', path: '/block/2' },
    ],
  });
});

test('events beyond the bound are left out, and that is said', () => {
  const { payload, faults } = decodeSia('NQA1|'.repeat(MAX_EVENTS + 10));
  expect(payload.events).toHaveLength(MAX_EVENTS);
  expect(faults).toEqual([{ code: 'too-long', path: `/block/${MAX_EVENTS}` }]);
  expect(decodeSia('NQA1|'.repeat(MAX_EVENTS)).faults).toEqual([]);
});

test('long texts are cut', () => {
  const long = 'x'.repeat(MAX_TEXT_CHARS + 1);
  expect(decodeSia(`NQA1^${long}^`).payload.events[0]?.text).toHaveLength(MAX_TEXT_CHARS);
  expect(decodeSia(`A${long}`).payload.text).toHaveLength(MAX_TEXT_CHARS);
});

const chars = (alphabet: string, min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: min, maxLength: max });
const words = chars('abcXYZ 019-.,老人', 1, 20);
const anyEvent: fc.Arbitrary<SiaEvent> = fc.record(
  {
    code: fc.oneof(fc.constantFrom(...SIA_CODES), chars('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 2, 2)),
    isOld: fc.boolean(),
    zone: chars('0123456789', 1, 4),
    text: words,
    time: fc.constantFrom('20:50', '20:50:26'),
    user: chars('0123456789', 1, 4),
    area: chars('0123456789', 1, 3),
    peripheral: chars('0123456789', 1, 3),
  },
  { requiredKeys: ['code', 'isOld'] },
);

test('what is encoded decodes to itself', () => {
  const payload: fc.Arbitrary<SiaPayload> = fc.record(
    { events: fc.array(anyEvent, { minLength: 1, maxLength: MAX_EVENTS }), text: words },
    { requiredKeys: ['events'] },
  );
  fc.assert(
    fc.property(payload, (value) => {
      expect(decodeSia(encodeSia(value))).toEqual({ payload: value, faults: [] });
    }),
    { numRuns: 300 },
  );
});

test('no text makes the decoder throw, and its events are bounded', () => {
  const text = fc.oneof(fc.string(), chars('NOAQRPtirid019/|^*# :', 0, 200));
  fc.assert(
    fc.property(text, (some) => {
      expect(decodeSia(some).payload.events.length).toBeLessThanOrEqual(MAX_EVENTS);
    }),
    { numRuns: 500 },
  );
});

test('every code is two letters, with words in both languages', () => {
  expect(SIA_CODES.length).toBeGreaterThan(300);
  for (const code of SIA_CODES) {
    expect(code).toMatch(/^[A-Z]{2}$/);
    expect(wordsOfSia(code)?.zh.length).toBeGreaterThan(1);
    expect(wordsOfSia(code)?.en).toMatch(/^\S.*\S$/);
  }
});

test('a word of the list wins over what its letters would say', () => {
  expect(wordsOfSia('TS')?.en).toBe('test began');
  expect(wordsOfSia('BA')?.en).toBe('burglary alarm');
});

test.each(['', 'Q', 'qa', 'Q1', 'ÄA', 'toString'])('%j is no code', (code) => {
  expect(isSiaCode(code)).toBe(false);
});
