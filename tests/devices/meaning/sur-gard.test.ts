import { expect, test } from 'vitest';
import { ALARM_TYPES } from '../../../devices/alarm-types.ts';
import { BASIC_SENSES, OWN_SENSES } from '../../../devices/meaning/sur-gard-types.ts';
import { meaningOfUnread, meaningsOfSurGard } from '../../../devices/meaning/sur-gard.ts';
import type { SurGardMessage } from '../../../protocols/sur-gard/message.ts';

const basic = (event: string, code: string, account = '1234'): SurGardMessage => ({
  ...{ kind: 'basic', receiver: '01', line: '1', account, event, area: ' ', code },
});

test('every code of the tables is one character and has a type that there is', () => {
  for (const [code, sense] of [...Object.entries(BASIC_SENSES), ...Object.entries(OWN_SENSES)]) {
    expect(code).toHaveLength(1);
    if (sense.kind === 'alarm' || sense.kind === 'restored') expect(Object.keys(ALARM_TYPES)).toContain(sense.type);
  }
});

test('a medical call of a 4/3 dialler is an sos with its zone', () => {
  expect(meaningsOfSurGard(basic('7', ' 05'))).toEqual([
    { kind: 'alarm', message: { kind: 'alarm', type: 'sos', zone: '05', text: '7  05', faults: [] } },
  ]);
});

test('an alarm of a pulse format says no kind, so it is unknown and rings', () => {
  expect(meaningsOfSurGard(basic('A', ' 01'))).toMatchObject([
    { kind: 'alarm', message: { type: 'unknown', faults: [] } },
  ]);
});

test('a code that stands in no table rings and says so', () => {
  for (const event of ['Z', ' ', '8', '~']) {
    expect(meaningsOfSurGard(basic(event, '   '))).toMatchObject([
      {
        kind: 'alarm',
        message: { kind: 'alarm', type: 'unknown', faults: [{ code: 'unknown-code', path: '/event' }] },
      },
    ]);
  }
});

test('what the receiver says of itself is a fault of a device, and its end', () => {
  expect(meaningsOfSurGard(basic('A', ' 15', '0000'))).toMatchObject([
    { message: { kind: 'alarm', type: 'device-fault' } },
  ]);
  expect(meaningsOfSurGard(basic('R', ' 16', '0000'))).toMatchObject([
    { message: { kind: 'restored', type: 'device-fault' } },
  ]);
});

test('Contact ID and SIA mean here what they mean everywhere', () => {
  const event = { qualifier: 'new', code: '101', group: '01', zone: '003' } as const;
  const origin = { receiver: '01', line: '1', account: '1234' };
  expect(meaningsOfSurGard({ ...origin, kind: 'contact-id', format: '18', event })).toMatchObject([
    { kind: 'alarm', message: { type: 'sos', zone: '003' } },
  ]);
  expect(meaningsOfSurGard({ ...origin, kind: 'sia', protocol: 'S', data: 'Nri1/QA02/FA03' })).toMatchObject([
    { kind: 'alarm', message: { type: 'sos', zone: '02' } },
    { kind: 'alarm', message: { type: 'smoke', zone: '03' } },
  ]);
});

test('what nobody can read rings, with its text', () => {
  expect(meaningOfUnread('6011 1234')).toEqual({
    kind: 'alarm',
    message: { kind: 'alarm', type: 'unknown', text: '6011 1234', faults: [{ code: 'bad-field', path: '' }] },
  });
});
