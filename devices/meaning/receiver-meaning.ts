import type { AlarmMessage, Fault } from '../event.ts';

/**
 * What one event means that a receiver of an alarm protocol hears. All of it is acknowledged; only `alarm` goes through the door.
 * `heartbeat`: the line or the device is alive. `status`: something was said that asks for nobody (armed, opened, bypassed); the code as
 * the protocol writes it, a sign of life.
 */
export type ReceiverMeaning =
  | { readonly kind: 'alarm'; readonly message: AlarmMessage }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'status'; readonly code: string };

/** What nobody can read, or what says nothing that is known: it rings, with its text for whoever takes it. */
export function unknownAlarm(faults: readonly Fault[], text?: string): ReceiverMeaning {
  const message: AlarmMessage = { kind: 'alarm', type: 'unknown', faults, ...(text === undefined ? {} : { text }) };
  return { kind: 'alarm', message };
}
