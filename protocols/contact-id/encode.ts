import { checkDigit } from './checksum.ts';
import type { ContactIdEvent, ContactIdMessage } from './message.ts';
import { digitOf } from './qualifier.ts';

/** `ACCT MT QXYZ GG CCC S`, with its check digit. */
export function encodeContactId({ account, messageType, event }: ContactIdMessage): string {
  const body = `${account} ${messageType} ${encodeAdmCid(event)}`;
  return `${body} ${checkDigit(body.replaceAll(' ', ''))}`;
}

/** `QXYZ GG CCC`, as DC-09 carries it. */
export function encodeAdmCid({ qualifier, code, group, zone }: ContactIdEvent): string {
  return `${digitOf(qualifier)}${code} ${group} ${zone}`;
}
