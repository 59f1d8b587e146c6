import { describe, expect, test } from 'vitest';
import { AwaitedReports } from '../../../../devices/links/gsm/outgoing.ts';
import { isRadioBad, judgeRadio, UNKNOWN_RADIO, type RadioLook } from '../../../../devices/links/gsm/radio.ts';
import { judgeRefusal } from '../../../../devices/links/gsm/send-faults.ts';
import { isServiceNumber, textOfBody } from '../../../../devices/links/gsm/sms-text.ts';
import type { StatusReport } from '../../../../protocols/sms-pdu/message.ts';

const HOUR = 60 * 60_000;
const message = { id: 'n1', to: '+8613800001111', text: 'x' };

function report(reference: number, status = 0, value = '8613800001111'): StatusReport {
  const to = { kind: 'international', value } as const;
  return { kind: 'status-report', reference, to, sentAt: null, doneAt: null, status };
}

describe('A delivery report', () => {
  test('of all parts is a receipt, of one alone none', () => {
    const awaited = new AwaitedReports();
    awaited.sent(message, 7, false, 0);
    expect(awaited.take(report(7))).toBeNull();
    awaited.sent(message, 8, true, 0);
    expect(awaited.take(report(8))).toEqual({ id: 'n1', receipt: 'delivered' });
    expect(awaited.take(report(8))).toBeNull();
  });

  test('that comes before the modem has told the reference counts', () => {
    const awaited = new AwaitedReports();
    expect(awaited.take(report(9))).toBeNull();
    expect(awaited.sent(message, 9, true, 0)).toEqual({ id: 'n1', receipt: 'delivered' });
  });

  test('of a part that never arrives is the message’s, and one on its way is none', () => {
    const awaited = new AwaitedReports();
    awaited.sent(message, 1, false, 0);
    awaited.sent(message, 2, true, 0);
    expect(awaited.take(report(1, 0x30))).toBeNull();
    expect(awaited.take(report(1, 0x46))).toEqual({ id: 'n1', receipt: 'undelivered' });
    expect(awaited.take(report(2))).toBeNull();
  });

  test('of somebody else, or of a day before yesterday, is nobody’s', () => {
    const awaited = new AwaitedReports();
    awaited.sent(message, 1, true, 0);
    expect(awaited.take(report(1, 0, '8613999999999'))).toBeNull();
    awaited.sent({ ...message, id: 'n2' }, 2, true, 27 * HOUR);
    expect(awaited.take(report(1))).toBeNull();
    expect(awaited.take(report(2))).toMatchObject({ id: 'n2' });
  });
});

describe('The radio', () => {
  const good: RadioLook = { signal: 18, registration: 'home', storage: { used: 0, total: 20 } };

  test.each<[Partial<RadioLook>, string | null]>([
    [{}, null],
    [{ registration: 'searching' }, 'not-registered'],
    [{ registration: 'roaming', signal: null }, null],
    [{ storage: { used: 20, total: 20 } }, 'store-full'],
    [{ signal: 3 }, 'weak-signal'],
    [{ registration: null, signal: null, storage: null }, null],
  ])('that looks like %o is %s', (look, fault) => {
    expect(judgeRadio(UNKNOWN_RADIO, { ...good, ...look }, 5).fault).toBe(fault);
  });

  test('is a matter for people when the same lasts, and well at the first good look', () => {
    let radio = judgeRadio(UNKNOWN_RADIO, { ...good, signal: 0 }, 1000);
    radio = judgeRadio(radio, { ...good, signal: 1 }, 50_000);
    expect(isRadioBad(radio, 60_999, 60_000)).toBe(false);
    expect(isRadioBad(radio, 61_000, 60_000)).toBe(true);
    expect(isRadioBad(judgeRadio(radio, good, 61_000), 999_999, 60_000)).toBe(false);
  });
});

test('a refusal of the number is for good, of the network for now', () => {
  expect(judgeRefusal(1)).toEqual({ code: 'cms-1', isPermanent: true, isChannelFault: false });
  expect(judgeRefusal(27)).toEqual({ code: 'cms-27', isPermanent: false, isChannelFault: false });
  expect(judgeRefusal(331)).toEqual({ code: 'cms-331', isPermanent: false, isChannelFault: true });
  expect(judgeRefusal(null)).toEqual({ code: 'refused', isPermanent: false, isChannelFault: true });
});

test.each([
  ['10086', true],
  ['95588', true],
  ['12345', true],
  ['106980095588', true],
  ['+86106980095588', true],
  ['1064812345678', false],
  ['13800001111', false],
  ['+8613800001111', false],
  ['057488886666', false],
  ['+861065551234', false],
  ['+447700900123', false],
])('%s is a service number: %s', (number, is) => {
  expect(isServiceNumber(number, false)).toBe(is);
  expect(isServiceNumber(null, true)).toBe(true);
});

test('data is read as UTF-8, else letter by letter', () => {
  expect(textOfBody({ coding: 'data', data: Buffer.from('求救') })).toBe('求救');
  expect(textOfBody({ coding: 'data', data: Uint8Array.of(0xff, 0x53) })).toBe('ÿS');
});
