import type { AlarmType } from '../alarm-types.ts';

/** What an event code of a basic line asks for. */
export type BasicSense =
  | { readonly kind: 'alarm' | 'restored'; readonly type: AlarmType }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'status' };

/**
 * The event codes that receivers have as they come from the box (SG Automation Output Protocol §4.3): digits of the 4/3 format, letters
 * of all others. Receivers can be programmed to say others: what is not in this table rings as `unknown`.
 */
export const BASIC_SENSES: Readonly<Record<string, BasicSense>> = {
  0: { kind: 'alarm', type: 'test' },
  1: { kind: 'alarm', type: 'smoke' },
  2: { kind: 'alarm', type: 'panic' },
  3: { kind: 'alarm', type: 'intrusion' },
  4: { kind: 'status' },
  5: { kind: 'status' },
  6: { kind: 'alarm', type: 'service' },
  7: { kind: 'alarm', type: 'sos' },
  9: { kind: 'restored', type: 'unknown' },
  // Of pulse formats and 4/2: the zone alone says of what kind, and only the home's own list knows its zones.
  A: { kind: 'alarm', type: 'unknown' },
  B: { kind: 'status' },
  C: { kind: 'status' },
  F: { kind: 'cancel' },
  H: { kind: 'status' },
  O: { kind: 'status' },
  P: { kind: 'status' },
  R: { kind: 'restored', type: 'unknown' },
  T: { kind: 'alarm', type: 'device-fault' },
};

/** Of the receiver about itself (account of zeros; §4.4, §4.5): it is out of order, or works again. */
export const OWN_SENSES: Readonly<Record<string, BasicSense>> = {
  A: { kind: 'alarm', type: 'device-fault' },
  T: { kind: 'alarm', type: 'device-fault' },
  R: { kind: 'restored', type: 'device-fault' },
  P: { kind: 'status' },
};
