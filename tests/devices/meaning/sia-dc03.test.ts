import { describe, expect, test } from 'vitest';
import { ALARM_TYPES } from '../../../devices/alarm-types.ts';
import { OTHER_SENSES, senseOfSia } from '../../../devices/meaning/sia-dc03-types.ts';
import { meaningOfSia } from '../../../devices/meaning/sia-dc03.ts';
import { isSiaCode, SIA_CODES } from '../../../protocols/sia-dc03/codes.ts';

const event = (code: string) => ({ code, zone: '501', area: '1', isOld: false });

describe('the table', () => {
  test('says something of every code of the protocol', () => {
    expect(SIA_CODES.filter((code) => senseOfSia(code) === undefined)).toEqual([]);
  });

  test('names only codes of the protocol, each once', () => {
    const listed = OTHER_SENSES.flatMap(([, codes]) => codes.split(' '));
    expect(listed.filter((code) => !isSiaCode(code))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  test('gives every code what its row says', () => {
    for (const [sense, codes] of OTHER_SENSES) {
      for (const code of codes.split(' ')) expect([code, senseOfSia(code)]).toEqual([code, sense]);
    }
  });

  test('makes every code an alarm of ours, a heartbeat or a status', () => {
    for (const code of SIA_CODES) {
      const meaning = meaningOfSia(event(code));
      if (meaning.kind !== 'alarm') continue;
      expect(Object.keys(ALARM_TYPES)).toContain(meaning.message.type);
      expect(meaning.message.faults).toEqual([]);
    }
  });
});

test.each([
  ['MA', 'alarm', 'sos'],
  ['MH', 'restored', 'sos'],
  ['QA', 'alarm', 'sos'],
  ['QH', 'restored', 'sos'],
  ['QR', 'restored', 'sos'],
  ['QS', 'alarm', 'inactivity'],
  ['QT', 'alarm', 'device-fault'],
  // Whose cry would not come through: nobody is woken, somebody must see to it.
  ['QB', 'alarm', 'device-fault'],
  ['QU', 'restored', 'device-fault'],
  ['FB', 'alarm', 'device-fault'],
  ['HB', 'alarm', 'device-fault'],
  ['PA', 'alarm', 'panic'],
  ['PH', 'restored', 'panic'],
  ['HA', 'alarm', 'duress'],
  ['ND', 'alarm', 'duress'],
  ['FA', 'alarm', 'smoke'],
  ['FH', 'restored', 'smoke'],
  ['KA', 'alarm', 'smoke'],
  ['SA', 'alarm', 'smoke'],
  ['GA', 'alarm', 'gas'],
  ['WA', 'alarm', 'water'],
  ['ZA', 'alarm', 'unknown'],
  ['UA', 'alarm', 'unknown'],
  ['BA', 'alarm', 'intrusion'],
  ['BJ', 'restored', 'device-fault'],
  ['NA', 'alarm', 'inactivity'],
  ['NS', 'restored', 'inactivity'],
  ['DL', 'alarm', 'door-open'],
  ['TA', 'alarm', 'tamper'],
  ['TR', 'restored', 'tamper'],
  ['AT', 'alarm', 'mains-lost'],
  ['AR', 'restored', 'mains-lost'],
  ['YT', 'alarm', 'low-battery'],
  ['YR', 'restored', 'low-battery'],
  ['XT', 'alarm', 'low-battery'],
  ['YC', 'alarm', 'device-fault'],
  ['YK', 'restored', 'device-fault'],
  ['LT', 'alarm', 'device-fault'],
  ['RX', 'alarm', 'test'],
  ['OC', 'cancel', 'unknown'],
  ['BC', 'cancel', 'intrusion'],
])('%s is %s of %s', (code, kind, type) => {
  expect(meaningOfSia(event(code))).toMatchObject({ kind: 'alarm', message: { kind, type, zone: '501' } });
});

test('RP is a heartbeat', () => {
  expect(meaningOfSia(event('RP'))).toEqual({ kind: 'heartbeat' });
});

test.each(['OP', 'CL', 'BB', 'BU', 'WB', 'RR', 'LF'])('%s asks for nobody', (code) => {
  expect(meaningOfSia(event(code))).toEqual({ kind: 'status', code: `${code}501 ri1` });
});

test('a code that nobody knows is an alarm, and says so', () => {
  expect(meaningOfSia({ code: 'QQ', isOld: false, text: 'help' })).toEqual({
    kind: 'alarm',
    message: {
      kind: 'alarm',
      type: 'unknown',
      text: 'QQ: help',
      faults: [{ code: 'unknown-code', path: '/code' }],
    },
  });
});

test('the text is the code as the installer knows it, with words and what the panel adds', () => {
  expect(meaningOfSia({ ...event('QA'), text: '客厅' })).toMatchObject({
    message: { text: 'QA501 ri1 求助报警 / emergency alarm: 客厅' },
  });
});
