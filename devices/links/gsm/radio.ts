import type { Registration } from '../../../protocols/at-commands/message.ts';

/** What a look at the modem found; null where it did not say. */
export type RadioLook = {
  /** 0 to 31. */
  readonly signal: number | null;
  readonly registration: Registration | null;
  /** Messages in the store, and how many it holds. */
  readonly storage: { readonly used: number; readonly total: number } | null;
};

export type RadioFault = 'not-registered' | 'weak-signal' | 'store-full';

export type RadioState = {
  readonly fault: RadioFault | null;
  readonly sinceMs: number;
  readonly look: RadioLook | null;
};

export const UNKNOWN_RADIO: RadioState = { fault: null, sinceMs: 0, look: null };

/** −105 dBm and less: messages get lost. Chosen; makers call 2 to 9 "marginal". */
const WEAK_LEVEL = 4;

/** What this look does to how the radio stands; times of a clock that never jumps. Pure. */
export function judgeRadio(state: RadioState, look: RadioLook, nowMs: number): RadioState {
  const fault = findFault(look);
  return { fault, sinceMs: fault === state.fault ? state.sinceMs : nowMs, look };
}

function findFault({ signal, registration, storage }: RadioLook): RadioFault | null {
  // Registered for more than emergency calls (27.007 §7.2). A modem that does not say is not suspected.
  if (registration !== null && registration !== 'home' && registration !== 'roaming') return 'not-registered';
  if (storage !== null && storage.total > 0 && storage.used >= storage.total) return 'store-full';
  // Unknown (99) while registered: it has just begun.
  return signal !== null && signal < WEAK_LEVEL ? 'weak-signal' : null;
}

/** Whether it has been bad for so long that people must know. */
export function isRadioBad({ fault, sinceMs }: RadioState, nowMs: number, badForMs: number): boolean {
  return fault !== null && nowMs - sinceMs >= badForMs;
}
