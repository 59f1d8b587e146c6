import type { CallResult, ContactKind, Outcome } from '../../gateway/api/contract/incident.ts';
import type { AlarmType } from '../queue/types.ts';

/**
 * The contract's codes as values, in the order in which the screen offers them. The dashboard takes only types from the
 * contract, so a test compares these with the contract's own lists.
 */
export const OUTCOME_NAMES = [
  'helped',
  'hospital',
  'no-need',
  'false-alarm',
  'technical',
  'duplicate',
  'deceased',
  'other',
] as const satisfies readonly Outcome[];

export const CONTACT_NAMES = [
  'spoke-with-person',
  'spoke-with-someone-beside-them',
  'seen-by',
  'handed-over',
  'not-established',
  'no-answer',
] as const satisfies readonly ContactKind[];

export const CALL_RESULT_NAMES = [
  'ringing',
  'answered',
  'no-answer',
  'busy',
  'failed',
] as const satisfies readonly CallResult[];

/** What a person may report by telephone; the rest only devices and the gateway raise. */
export const BY_HAND_TYPES = [
  'sos',
  'fall',
  'smoke',
  'gas',
  'co',
  'inactivity',
  'wandering',
  'water',
  'door-open',
  'bed-exit',
  'service',
  'unknown',
] as const satisfies readonly AlarmType[];

export const SOURCES = ['phone', 'visit', 'helper', 'authority', 'other'] as const;
export type Source = (typeof SOURCES)[number];
