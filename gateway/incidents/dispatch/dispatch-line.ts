import { ALARM_TYPES } from '../../../devices/alarm-types.ts';
import type { AlarmEvent } from '../../../devices/event.ts';
import { addressOf } from './strangers.ts';

/**
 * Whose alarms are decided one after the other, in their order: those of a device. Senders that have not proved who they
 * are have one line for each address that they come from, whatever they call themselves: a flood of names waits behind
 * itself. Null stands for what cannot be read.
 */
export function lineOf(event: AlarmEvent | null): string {
  if (event === null) return 'unreadable';
  if (event.standing === 'verified') return `device ${event.deviceId ?? ''}`;
  return `address ${addressOf(event.source.peer)}`;
}

/** Whether somebody may be in danger: such alarms are decided before those that can wait. What cannot be read may be one. */
export function isUrgent(event: AlarmEvent | null): boolean {
  const type: string = event?.message.type ?? 'unknown';
  const known: Readonly<Record<string, { readonly priority: number }>> = ALARM_TYPES;
  return (known[type]?.priority ?? 1) <= 2;
}
