import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSubmit } from '../../../protocols/sms-pdu/decode-submit.ts';
import { encodeSubmit } from '../../../protocols/sms-pdu/encode.ts';
import type { Submit } from '../../../protocols/sms-pdu/message.ts';
import { minutesOfValidity, validityOfMinutes } from '../../../protocols/sms-pdu/validity.ts';
import { address, gsmText, part } from './arbitraries.ts';
import { SUBMITTED } from './vectors.ts';

test('a message to send is the tutorial’s', () => {
  const { hex, to, text, validityMin } = SUBMITTED;
  const body = { coding: 'gsm7', text } as const;
  const flags = { part: null, wantsReport: false, validityMin };
  const submit: Submit = { kind: 'submit', reference: 0, to, body, ...flags };
  expect(encodeSubmit(submit)).toEqual({ hex, tpduOctets: hex.length / 2 - 1 });
  expect(decodeSubmit(hex)).toEqual(submit);
});

test('a message to send is what was asked for', () => {
  const submit = fc.record({
    kind: fc.constant('submit' as const),
    reference: fc.integer({ min: 0, max: 255 }),
    to: address,
    body: fc.record({ coding: fc.constant('gsm7' as const), text: gsmText(70) }),
    part: fc.option(part),
    wantsReport: fc.boolean(),
    validityMin: fc.option(fc.integer({ min: 0, max: 255 }).map(minutesOfValidity)),
  });
  fc.assert(
    fc.property(submit, (sent) => {
      expect(decodeSubmit(encodeSubmit(sent).hex)).toEqual(sent);
    }),
  );
});

test('a validity is never shorter than asked, and each of the standard’s is kept', () => {
  for (let value = 0; value <= 255; value += 1) expect(validityOfMinutes(minutesOfValidity(value))).toBe(value);
  expect([5, 30, 720, 721, 1440, 1441].map(validityOfMinutes)).toEqual([0, 5, 143, 144, 167, 168]);
  expect(validityOfMinutes(Number.POSITIVE_INFINITY)).toBe(255);
});

test('whatever a modem is given, it does not choke', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decodeSubmit(Buffer.from(bytes).toString('hex'));
    }),
  );
});
