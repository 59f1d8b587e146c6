import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeIncoming } from '../../../protocols/sms-pdu/decode-incoming.ts';
import { deliveryOf } from '../../../protocols/sms-pdu/delivery-status.ts';
import { encodeDeliver, encodeStatusReport } from '../../../protocols/sms-pdu/encode.ts';
import { hexOf } from '../../../protocols/sms-pdu/octets.ts';
import { address, gsmText, part, time } from './arbitraries.ts';
import { DELIVERED } from './vectors.ts';

describe('a message from the network', () => {
  test.each(DELIVERED)('$text is read', ({ hex, tpduOctets, from, time: at, text, part: of }) => {
    const { message, faults } = decodeIncoming(hex, tpduOctets);
    expect(faults).toEqual([]);
    expect(message).toMatchObject({ kind: 'deliver', from, time: at, body: { text }, part: of });
  });

  test('is what was sent, in any alphabet', () => {
    const body = fc.oneof(
      fc.record({ coding: fc.constant('gsm7' as const), text: gsmText(70) }),
      fc.record({
        coding: fc.constant('ucs2' as const),
        text: fc.string({ unit: 'grapheme-composite', maxLength: 8 }),
      }),
      fc.record({ coding: fc.constant('data' as const), data: fc.uint8Array({ maxLength: 133 }) }),
    );
    fc.assert(
      fc.property(
        fc.record({ from: address, time, body, part: fc.option(part) }).filter((sent) => {
          return !('text' in sent.body) || sent.body.text.length <= (sent.body.coding === 'gsm7' ? 152 : 66);
        }),
        (sent) => {
          const { hex, tpduOctets } = encodeDeliver({ kind: 'deliver', ...sent });
          const { message, faults } = decodeIncoming(hex, tpduOctets);
          expect(faults).toEqual([]);
          expect(message).toEqual({ kind: 'deliver', ...sent });
        },
      ),
    );
  });

  test('is still a message, whatever bytes came', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.option(fc.nat({ max: 300 })), (bytes, announced) => {
        const { message } = decodeIncoming(hexOf(bytes), announced);
        expect(['deliver', 'status-report']).toContain(message.kind);
      }),
      { numRuns: 2000 },
    );
  });

  test('is still a message where it is no hex', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (text) => {
        expect(decodeIncoming(text).message.kind).toMatch(/deliver|status-report/);
      }),
    );
    expect(decodeIncoming('0Z').faults).toEqual([{ code: 'not-hex', offset: 0 }]);
  });

  test('that is cut gives what came, and says so', () => {
    const { hex, tpduOctets } = DELIVERED[1];
    for (let octets = 1; octets * 2 < hex.length; octets += 1) {
      const { message, faults } = decodeIncoming(hex.slice(0, octets * 2), tpduOctets);
      expect(faults.map(({ code }) => code)).toContain('wrong-length');
      expect(faults.map(({ code }) => code)).toContain('cut');
      if (message.kind === 'deliver' && 'text' in message.body) expect('How are you?').toContain(message.body.text);
    }
  });

  test('with more behind it says so', () => {
    const { hex, tpduOctets } = DELIVERED[0];
    expect(decodeIncoming(`${hex}00`, tpduOctets).faults.map(({ code }) => code)).toEqual(['wrong-length', 'trailing']);
  });

  test('with a part that cannot be is taken as a whole one', () => {
    for (const broken of ['0500030102', '050003010203', '050003010000', '05000301FF00']) {
      const userData = `${broken.padEnd(12, '0')}0041`;
      const hex = `00440D91688137155376F800086290110190432308${userData}`;
      const { message } = decodeIncoming(hex);
      expect(message).toMatchObject({ kind: 'deliver', part: null, body: { text: 'A' } });
    }
  });

  test('with a time that is none has none, and a negative zone is read', () => {
    const whole = { kind: 'deliver', from: null, body: { coding: 'gsm7', text: 'x' }, part: null } as const;
    const newfoundland = { at: Date.UTC(2026, 5, 1, 3, 0, 0), zoneQuarters: -14 };
    const { hex } = encodeDeliver({ ...whole, time: newfoundland });
    expect(decodeIncoming(hex).message).toMatchObject({ time: newfoundland });
    const broken = hex.replace('62', 'F2');
    const { message, faults } = decodeIncoming(broken);
    expect(message).toMatchObject({ time: null, body: { text: 'x' } });
    expect(faults.map(({ code }) => code)).toEqual(['bad-time']);
  });
});

describe('a delivery report', () => {
  test('is what was sent', () => {
    const report = fc.record({
      kind: fc.constant('status-report' as const),
      reference: fc.integer({ min: 0, max: 255 }),
      to: address,
      sentAt: time,
      doneAt: time,
      status: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(report, (sent) => {
        const { hex, tpduOctets } = encodeStatusReport(sent);
        expect(decodeIncoming(hex, tpduOctets)).toEqual({ message: sent, faults: [] });
      }),
    );
  });

  test('tells arrived, on its way and never apart', () => {
    expect([0x00, 0x02, 0x1f].map(deliveryOf)).toEqual(['delivered', 'delivered', 'delivered']);
    expect([0x20, 0x30, 0x3f].map(deliveryOf)).toEqual(['trying', 'trying', 'trying']);
    expect([0x03, 0x40, 0x46, 0x63, 0xff].map(deliveryOf)).toEqual(['failed', 'failed', 'failed', 'failed', 'failed']);
  });
});
