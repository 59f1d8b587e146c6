import type { AlarmEvent } from '../../devices/event.ts';
import { formatIso } from '../clock.ts';
import type { AlarmInput } from './alarm-view.ts';
import type { EntryDraft } from './commit.ts';
import { readClock } from './identity.ts';

/** A line of the log by the sender of the alarm, at the moment it came in. */
export function alarmLine(
  { event }: AlarmInput,
  incidentId: string | null,
  type: string,
  data: Readonly<Record<string, unknown>>,
): EntryDraft {
  return { incidentId, type, actor: senderOf(event), at: event.receivedAt, data };
}

/** What was measured stands with the line that brought it: health, so among what can be erased. */
export function withMeasure({ message }: AlarmEvent, line: EntryDraft): EntryDraft {
  return message.measure === undefined ? line : { ...line, personal: { ...line.personal, measure: message.measure } };
}

/** `pressed` where the device told a time, and `received`; milestones stand beside the entries, never instead. */
export function milestoneLines(input: AlarmInput, incidentId: string | null): EntryDraft[] {
  const { event } = input;
  const { at } = event.message;
  const received = alarmLine(input, incidentId, 'received', {
    alarmId: event.id,
    deviceId: event.deviceId,
    type: input.facts.type,
    kind: event.message.kind,
    gatewayId: event.gatewayId,
    latencyMs: Math.max(0, input.nowMs - event.receivedAt),
    ...(event.source.publisher === undefined ? {} : { publisher: event.source.publisher }),
  });
  if (at === undefined || readClock(at, event.receivedAt) === 'incredible') return [received];
  const pressed = alarmLine(input, incidentId, 'pressed', {
    alarmId: event.id,
    deviceAt: formatIso(at),
    offsetMs: event.receivedAt - at,
  });
  return [pressed, received];
}

/** How a telephone call stands, where it is one; its number lies with the event. */
export function callOf({ message }: AlarmEvent): Readonly<Record<string, unknown>> {
  return message.call === undefined ? {} : { call: message.call };
}

export function rangLine(input: AlarmInput, incidentId: string, reason: string): EntryDraft {
  return { incidentId, type: 'rang', actor: 'system', at: input.nowMs, data: { reason } };
}

/** The log's name for who sent an alarm. */
export function senderOf(event: AlarmEvent): string {
  return event.byHand?.actor ?? (event.deviceId === null ? 'system' : `device:${event.deviceId}`);
}
