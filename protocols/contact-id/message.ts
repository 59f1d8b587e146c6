/**
 * One event of Ademco Contact ID (SIA DC-05-1999.09), however it came: as tones, in a frame of DC-09 (`ADM-CID`) or from a receiver.
 * Digits stay text: they are names, not numbers.
 */
export type ContactIdEvent = {
  /** 1 new event or opening; 3 restored or closing; 6 told before and still so (DC-05 §4.2). */
  readonly qualifier: 'new' | 'restored' | 'still';
  /** Three hex digits, no A: a key of `CONTACT_ID_CODES`, or anything that only its maker knows. */
  readonly code: string;
  /** Two hex digits, 00 for none: group, area, partition. */
  readonly group: string;
  /** Three hex digits, 000 for none: a zone or a user, as the code says. */
  readonly zone: string;
};

/** The whole message as a dialler sends it. */
export type ContactIdMessage = {
  /** Four digits of 0-9 and B-F: the tones have no A but the zero. */
  readonly account: string;
  readonly messageType: '18' | '98';
  readonly event: ContactIdEvent;
};

export type ContactIdRefusal = 'bad-form' | 'wrong-checksum';

export type DecodedContactId<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: ContactIdRefusal };

/** How a code is said, and whether its last three digits name a zone or a user. */
export type CodeWords = { readonly zh: string; readonly en: string; readonly names?: 'user' };
