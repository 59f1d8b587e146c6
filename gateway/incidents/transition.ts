import type { AlarmType, Priority } from '../../devices/alarm-types.ts';
import type { IncidentFlag } from '../api/contract/incident.ts';
import { findTransition, type Effect, type IncidentEventName } from './machine.ts';
import type { IncidentRecord, Resolution } from './record.ts';

/** What comes with an event. Only the fields that the transition's effects name are used. */
export type TransitionInput = {
  readonly nowMs: number;
  readonly ownerId?: string;
  readonly press?: {
    readonly type: AlarmType;
    readonly priority: Priority;
    readonly flags: readonly IncidentFlag[];
  };
  readonly resolution?: Resolution;
};

export type Transitioned = {
  readonly incident: IncidentRecord;
  readonly name: string;
  readonly effects: readonly Effect[];
};

/**
 * Applies one event to an incident; null where the machine's table refuses it. Pure; the version goes up by one. An
 * incident's own times never go back: when the wall clock does, they go on by a millisecond a step, so that a step still
 * moves its deadline (design §4 Time).
 */
export function applyEvent(
  incident: IncidentRecord,
  event: IncidentEventName,
  input: TransitionInput,
): Transitioned | null {
  const transition = findTransition(incident.state, event);
  if (transition === null) return null;
  const nowMs = Math.max(input.nowMs, incident.updatedAt + 1);
  const moved: IncidentRecord = {
    ...incident,
    state: transition.to,
    version: incident.version + 1,
    updatedAt: nowMs,
  };
  const inOrder = { ...input, nowMs };
  const next = transition.effects.reduce((record, effect) => applyEffect(record, effect, inOrder), moved);
  return { incident: next, name: transition.name, effects: transition.effects };
}

function applyEffect(record: IncidentRecord, effect: Effect, input: TransitionInput): IncidentRecord {
  switch (effect) {
    case 'ring':
      return { ...record, ringing: true, rangAt: input.nowMs };
    case 'quiet':
      return { ...record, ringing: false };
    case 'progress':
      return { ...record, progressAt: input.nowMs };
    case 'own':
      return { ...record, ownerId: input.ownerId ?? record.ownerId };
    case 'disown':
      return { ...record, ownerId: null };
    case 'count-press':
      return input.press === undefined ? record : withPress(record, input.press);
    case 'close':
      return { ...record, resolution: input.resolution ?? null, shelvedUntil: null };
    case 'open-again':
      return { ...record, resolution: null };
    case 'unshelve':
      return { ...record, shelvedUntil: null };
  }
}

/**
 * A further press makes it more urgent, never less, and keeps every mark of what was missing. What made it most urgent
 * names it: a key pressed after "out of bed" is not shown as "out of bed".
 */
function withPress(record: IncidentRecord, press: NonNullable<TransitionInput['press']>): IncidentRecord {
  const isMoreUrgent = press.priority < record.priority;
  return {
    ...record,
    presses: record.presses + 1,
    type: isMoreUrgent ? press.type : record.type,
    priority: isMoreUrgent ? press.priority : record.priority,
    flags: [...new Set([...record.flags, ...press.flags])],
  };
}
