import { toneSum } from './checksum.ts';
import { MAX_PAYLOAD_CHARS, MAX_TONE_CHARS } from './limits.ts';
import type { ContactIdEvent, ContactIdMessage, DecodedContactId } from './message.ts';
import { qualifierOf } from './qualifier.ts';

const DIGIT = '[0-9B-F]';
/** With all of its spaces or with none. */
const SPACED = new RegExp(`^(${DIGIT}{4}) (18|98) (\\d)(${DIGIT}{3}) (${DIGIT}{2}) (${DIGIT}{3}) ${DIGIT}$`);
const DENSE = new RegExp(`^(${DIGIT}{4})(18|98)(\\d)(${DIGIT}{3})(${DIGIT}{2})(${DIGIT}{3})${DIGIT}$`);

/**
 * `ACCT MT QXYZ GG CCC S`, the digits of the tones (DC-05 §4.1). Never throws; a wrong check digit is a refusal, because the dialler
 * repeats what nobody kissed off.
 */
export function decodeContactId(digits: string): DecodedContactId<ContactIdMessage> {
  const match = digits.length > MAX_TONE_CHARS ? null : (SPACED.exec(digits) ?? DENSE.exec(digits));
  if (match === null) return { ok: false, reason: 'bad-form' };
  if (toneSum(digits.replaceAll(' ', '')) !== 0) return { ok: false, reason: 'wrong-checksum' };
  const [, account = '', messageType, q = '', code = '', group = '', zone = ''] = match;
  const qualifier = qualifierOf(q);
  if (qualifier === undefined) return { ok: false, reason: 'bad-form' };
  return {
    ok: true,
    value: { account, messageType: messageType === '98' ? '98' : '18', event: { qualifier, code, group, zone } },
  };
}

const PAYLOAD = /^\s*(\d)\s*([0-9A-F]{3})[ |]+([0-9A-F]{1,3})[ |]+([0-9A-F]{1,3})\s*$/i;

/** `QXYZ GG CCC`, as DC-09 carries it (`ADM-CID`, DC-07 Annex); short groups and zones are filled with zeros. Never throws. */
export function decodeAdmCid(payload: string): DecodedContactId<ContactIdEvent> {
  const match = payload.length > MAX_PAYLOAD_CHARS ? null : PAYLOAD.exec(payload);
  const [, q = '', code = '', group = '', zone = ''] = match ?? [];
  const qualifier = qualifierOf(q);
  if (qualifier === undefined) return { ok: false, reason: 'bad-form' };
  return {
    ok: true,
    value: {
      qualifier,
      code: code.toUpperCase(),
      group: group.toUpperCase().padStart(2, '0'),
      zone: zone.toUpperCase().padStart(3, '0'),
    },
  };
}
