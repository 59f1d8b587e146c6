import { describe, expect, test } from 'vitest';
import { ALARM_TYPES } from '../../../devices/alarm-types.ts';
import { CODES_OF, senseOfContactId } from '../../../devices/meaning/contact-id-types.ts';
import { meaningOfContactId } from '../../../devices/meaning/contact-id.ts';
import { CONTACT_ID_CODES } from '../../../protocols/contact-id/codes.ts';
import type { ContactIdEvent } from '../../../protocols/contact-id/message.ts';

const event = (code: string, rest: Partial<ContactIdEvent> = {}): ContactIdEvent => ({
  qualifier: 'new',
  code,
  group: '01',
  zone: '015',
  ...rest,
});

describe('the table', () => {
  const listed = Object.values(CODES_OF).flatMap((codes) => codes.split(' '));

  test('has every code of the protocol, each once, and no other', () => {
    expect(listed.toSorted()).toEqual(Object.keys(CONTACT_ID_CODES).toSorted());
  });

  test('gives every code what its row says', () => {
    for (const [sense, codes] of Object.entries(CODES_OF)) {
      for (const code of codes.split(' ')) expect([code, senseOfContactId(code)]).toEqual([code, sense]);
    }
  });

  test('every code is acknowledged as something, whatever its qualifier', () => {
    for (const code of Object.keys(CONTACT_ID_CODES)) {
      for (const qualifier of ['new', 'restored', 'still'] as const) {
        const meaning = meaningOfContactId(event(code, { qualifier }));
        if (meaning.kind !== 'alarm') continue;
        expect(Object.keys(ALARM_TYPES)).toContain(meaning.message.type);
        expect(meaning.message.faults).toEqual([]);
        expect(meaning.message.text).toContain(code);
      }
    }
  });
});

/** What the people who wired the home rely on: the codes of a one-key phone and of the alarms that cost lives. */
test.each([
  ['100', 'sos'],
  ['101', 'sos'],
  ['102', 'inactivity'],
  ['110', 'smoke'],
  ['111', 'smoke'],
  ['113', 'smoke'],
  ['114', 'smoke'],
  ['120', 'panic'],
  ['121', 'duress'],
  ['122', 'duress'],
  ['123', 'panic'],
  ['130', 'intrusion'],
  ['137', 'tamper'],
  ['144', 'tamper'],
  ['150', 'unknown'],
  ['151', 'gas'],
  ['154', 'water'],
  ['158', 'smoke'],
  ['162', 'co'],
  ['301', 'mains-lost'],
  ['302', 'low-battery'],
  ['344', 'device-fault'],
  ['354', 'device-fault'],
  ['381', 'device-fault'],
  ['384', 'low-battery'],
  // Whose cry would not come through: nobody is woken, somebody must see to it.
  ['551', 'device-fault'],
  ['552', 'device-fault'],
  ['571', 'device-fault'],
  ['572', 'device-fault'],
  ['601', 'test'],
  ['607', 'test'],
  ['616', 'service'],
  ['641', 'inactivity'],
  ['654', 'inactivity'],
])('%s new is an alarm %s, restored it is over, still it is an alarm', (code, type) => {
  expect(meaningOfContactId(event(code))).toMatchObject({ kind: 'alarm', message: { kind: 'alarm', type } });
  expect(meaningOfContactId(event(code, { qualifier: 'still' }))).toMatchObject({ message: { kind: 'alarm', type } });
  const over = meaningOfContactId(event(code, { qualifier: 'restored' }));
  if (type === 'test') expect(over).toMatchObject({ kind: 'status' });
  else expect(over).toMatchObject({ message: { kind: 'restored', type } });
});

test('406 is a cancel, which names no type', () => {
  expect(meaningOfContactId(event('406'))).toMatchObject({ message: { kind: 'cancel', type: 'unknown', faults: [] } });
});

test.each(['602', '603'])('%s is a heartbeat', (code) => {
  expect(meaningOfContactId(event(code))).toEqual({ kind: 'heartbeat' });
});

test.each(['401', '407', '441', '570', '573', '627'])('%s asks for nobody', (code) => {
  expect(meaningOfContactId(event(code))).toEqual({ kind: 'status', code: `1${code} 01 015` });
});

test('a code that nobody knows is an alarm, and says so', () => {
  expect(meaningOfContactId(event('ABC'))).toEqual({
    kind: 'alarm',
    message: {
      kind: 'alarm',
      type: 'unknown',
      zone: '015',
      text: '1ABC 01 015',
      faults: [{ code: 'unknown-code', path: '/code' }],
    },
  });
});

test('a zone is told, a user is none, and no zone is none', () => {
  const zoneOf = (some: ContactIdEvent) => {
    const meaning = meaningOfContactId(some);
    return meaning.kind === 'alarm' ? meaning.message.zone : undefined;
  };
  expect(zoneOf(event('101'))).toBe('015');
  expect(zoneOf(event('101', { zone: '000' }))).toBeUndefined();
  expect(zoneOf(event('121'))).toBeUndefined();
});

test('the text is the code as the installer knows it, with words', () => {
  expect(meaningOfContactId(event('101'))).toMatchObject({
    message: { text: '1101 01 015 随身求助器按下 / personal emergency' },
  });
});
