import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crcOf } from '../../../protocols/sia-dc09/crc.ts';
import { accountOfFrame, payloadOf } from '../../../protocols/sia-dc09/payload.ts';
import { formatTimestamp, parseTimestamp } from '../../../protocols/sia-dc09/timestamp.ts';
import { readXdata, XDATA_NAMES } from '../../../protocols/sia-dc09/xdata.ts';

test('the CRC is CRC-16/ARC: its check value', () => {
  expect(crcOf(new TextEncoder().encode('123456789'))).toBe(0xbb3d);
});

test('every second from 1970 to 9999 is written and read as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (second) => {
      expect(parseTimestamp(formatTimestamp(second * 1000))).toBe(second * 1000);
    }),
  );
});

test.each([
  '',
  '_',
  '_16:20:01,09-24-25',
  '16:20:01,09-24-2025',
  '_16:20:01,24-09-2025',
  '_24:00:00,01-01-2026',
  '_00:60:00,01-01-2026',
  '_00:00:00,02-29-2025',
  '_00:00:00,12-31-1969',
  '_00:00:00,01-01-0000',
  '_00:00:00,01-01-2026 ',
])('%j is no time', (text) => {
  expect(parseTimestamp(text)).toBeUndefined();
});

test.each([
  ['X', '006E07.7777777', { name: 'longitude', degrees: 6 + 7.7777777 / 60 }],
  ['X', '012W34.1', { name: 'longitude', degrees: -(12 + 34.1 / 60) }],
  ['Y', '49N06.6666666', { name: 'latitude', degrees: 49 + 6.6666666 / 60 }],
  ['Y', '045S12.2', { name: 'latitude', degrees: -(45 + 12.2 / 60) }],
  ['Y', '00S00', { name: 'latitude', degrees: 0 }],
  ['Z', '123.5M', { name: 'altitude', metres: 123.5 }],
  ['H', '20:45:46,04-22-2021', { name: 'time-of-occurrence', at: Date.UTC(2021, 3, 22, 20, 45, 46) }],
  ['I', 'help', { name: 'alarm-text', text: 'help' }],
  ['M', '0026B9E4268B', { name: 'mac', text: '0026B9E4268B' }],
  ['V', 'AV', { name: 'verification', text: 'AV' }],
  ['X', '181E00.0', { name: 'unknown', letter: 'X', text: '181E00.0' }],
  ['X', '49N06.6', { name: 'unknown', letter: 'X', text: '49N06.6' }],
  ['Y', '90N00.1', { name: 'unknown', letter: 'Y', text: '90N00.1' }],
  ['Y', '49N60.0', { name: 'unknown', letter: 'Y', text: '49N60.0' }],
  ['H', 'noon', { name: 'unknown', letter: 'H', text: 'noon' }],
  ['q', 'kept', { name: 'unknown', letter: 'q', text: 'kept' }],
])('[%s%s] is read', (letter, text, extra) => {
  expect(readXdata({ letter, text })).toEqual(extra);
});

test('every letter of the table is read by its name or kept as it came', () => {
  for (const [letter, name] of Object.entries(XDATA_NAMES)) {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (text) => {
        const extra = readXdata({ letter, text });
        expect([name, 'unknown']).toContain(extra.name);
        if (extra.name === 'unknown') expect(extra).toEqual({ name: 'unknown', letter, text });
      }),
      { numRuns: 20 },
    );
  }
});

test.each([
  ['#1234|NRR|Atest', { account: '1234', payload: 'NRR|Atest' }],
  ['|Nri1/CL501', { account: null, payload: 'Nri1/CL501' }],
  ['Nri1/WA000', { account: null, payload: 'Nri1/WA000' }],
  ['#1234', { account: '1234', payload: '' }],
  ['', { account: null, payload: '' }],
  ['#|x', { account: null, payload: '#|x' }],
])('%j is account and payload', (data, expected) => {
  expect(payloadOf(data)).toEqual(expected);
});

test('the account of the header wins, that of the data stands in for it', () => {
  expect(accountOfFrame({ account: '77', data: '#1234|x' })).toBe('77');
  expect(accountOfFrame({ account: null, data: '#1234|x' })).toBe('1234');
  expect(accountOfFrame({ account: null, data: 'x' })).toBeNull();
});
