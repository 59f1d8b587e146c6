import type { AlarmType, Priority } from '../../devices/alarm-types.ts';
import type { AuthorityService, IncidentFlag, RingCircle } from '../api/contract/incident.ts';
import { findTransition, type Effect, type IncidentEventName } from './machine.ts';
import type { LadderRun, PolicySnapshot } from './policy.ts';
import type { IncidentRecord, Resolution } from './record.ts';

/** What comes with an event. Only the fields that the transition's effects name are used. */
export type TransitionInput = {
  readonly nowMs: number;
  /** Who claims it, or acts and so has it where nobody does. */
  readonly ownerId?: string;
  readonly press?: {
    readonly type: AlarmType;
    readonly priority: Priority;
    readonly flags: readonly IncidentFlag[];
  };
  readonly resolution?: Resolution;
  readonly helperId?: string;
  /** Epoch milliseconds. */
  readonly promisedAt?: number;
  readonly handoverTo?: string;
  readonly authority?: { readonly service: AuthorityService; readonly stage: 'called' | 'arrived' | 'took-over' };
  /** Epoch milliseconds. */
  readonly shelvedUntil?: number;
  /** What the step of the policy that fires rings at, and whether it reached anybody. */
  readonly reached?: {
    readonly circles: readonly RingCircle[];
    readonly hasReached: boolean;
    /** People who are told of it by other channels. */
    readonly toldIds?: readonly string[];
  };
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

const EVERYBODY: readonly RingCircle[] = ['owner', 'operators', 'supervisors'];

function applyEffect(record: IncidentRecord, effect: Effect, input: TransitionInput): IncidentRecord {
  const { nowMs } = input;
  switch (effect) {
    case 'ring':
      // Whoever has it, and beside them everybody at whom it rang before.
      return ringAt(record, record.ownerId === null ? record.circles : ['owner', 'duty'], nowMs);
    case 'ring-owner':
      return record.ownerId === null ? ringAt(record, EVERYBODY, nowMs) : ringAt(record, ['owner'], nowMs);
    case 'ring-colleagues':
      return ringAt(record, EVERYBODY, nowMs);
    case 'ring-handover':
      return ringAt(record, ['handover'], nowMs);
    case 'ask-owner':
      return { ...applyEffect(record, 'ring-owner', input), asked: 'owner' };
    case 'ask-colleagues': {
      const rung = ringAt(record, EVERYBODY, nowMs);
      // Once: else asking every half minute would put the helpers off for ever.
      const ladder = record.ladder ?? beyondConsoles(record.policy, nowMs, 'in-its-turn');
      return { ...rung, asked: 'colleagues', ladder };
    }
    case 'attend':
      return { ...record, ringing: false, circles: [], progressAt: nowMs, asked: 'nobody', ladder: null };
    case 'take':
      return { ...record, ownerId: input.ownerId ?? record.ownerId, handoverTo: null };
    case 'own':
      return { ...record, ownerId: record.ownerId ?? input.ownerId ?? null };
    case 'disown':
      return { ...record, ownerId: null, handoverTo: null, asked: 'nobody' };
    case 'offer':
      return { ...record, handoverTo: input.handoverTo ?? null };
    case 'count-press':
      return input.press === undefined ? record : withPress(record, input.press);
    case 'call-again': {
      const pass = (record.ladder?.pass ?? 0) + 1;
      const circles: readonly RingCircle[] = record.circles.length === 0 ? ['duty'] : record.circles;
      return { ...record, circles, ladder: { pass, next: 0, startedAt: nowMs, hasReached: false } };
    }
    case 'call-helpers':
      return { ...record, ladder: beyondConsoles(record.policy, nowMs, 'at-once') };
    case 'climb': {
      const { ladder } = record;
      if (ladder === null) return record;
      const { circles = [], hasReached = false, toldIds = [] } = input.reached ?? {};
      const climbed = { ...ladder, next: ladder.next + 1, hasReached: ladder.hasReached || hasReached };
      const told = withTold(record, toldIds);
      return ringAt({ ...told, ladder: climbed }, [...record.circles, ...circles], nowMs);
    }
    case 'pass-over': {
      const { ladder } = record;
      return ladder === null ? record : { ...record, ladder: passOver(record.policy, ladder, nowMs) };
    }
    case 'send-helper':
      return sendHelper(record, input.helperId);
    case 'promise':
      return { ...record, promisedAt: input.promisedAt ?? null };
    case 'unpromise':
      return { ...record, promisedAt: null, helperId: input.helperId ?? null };
    case 'tell-authority': {
      const { authority } = input;
      if (authority === undefined) return { ...record, authority: null };
      const { service, stage } = authority;
      const services = [...new Set([...record.services, service])];
      return { ...record, services, authority: stage === 'took-over' ? null : { service, stage, at: nowMs } };
    }
    case 'shelve':
      return { ...record, shelvedUntil: input.shelvedUntil ?? nowMs };
    case 'unshelve':
      return { ...record, shelvedUntil: null };
    case 'close':
      return { ...record, resolution: input.resolution ?? null, shelvedUntil: null, handoverTo: null, authority: null };
    case 'open-again':
      return { ...record, resolution: null, helperId: null, promisedAt: null };
  }
}

function sendHelper(record: IncidentRecord, helperId: string | undefined): IncidentRecord {
  return helperId === undefined ? record : { ...withTold(record, [helperId]), helperId };
}

function withTold(record: IncidentRecord, toldIds: readonly string[]): IncidentRecord {
  return { ...record, toldIds: [...new Set([...record.toldIds, ...toldIds])] };
}

function ringAt(record: IncidentRecord, circles: readonly RingCircle[], nowMs: number): IncidentRecord {
  const at = [...new Set<RingCircle>(circles.length === 0 ? ['duty'] : circles)];
  const isForAll = record.isForAll || at.includes('operators') || at.includes('supervisors');
  return { ...record, ringing: true, rangAt: nowMs, circles: at, isForAll };
}

/** A pass that begins behind the steps that ring at consoles: their people are rung already. */
function beyondConsoles(policy: PolicySnapshot, nowMs: number, when: 'at-once' | 'in-its-turn'): LadderRun {
  const found = policy.steps.findIndex(({ target }) => target === 'duty-helpers');
  const next = found === -1 ? policy.steps.length : found;
  const before = policy.steps[when === 'at-once' ? next : Math.max(0, next - 1)];
  return { pass: 1, next, startedAt: nowMs - (before?.afterMs ?? 0), hasReached: true };
}

/** Nobody is there for the step: the next one, or after the last the next pass, counts from now. */
function passOver(policy: PolicySnapshot, ladder: LadderRun, nowMs: number): LadderRun {
  const next = ladder.next + 1;
  const following = policy.steps[next] ?? policy.steps.at(-1);
  return { ...ladder, next, startedAt: nowMs - (following?.afterMs ?? 0) };
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
    types: [...new Set([...record.types, press.type])],
    priority: isMoreUrgent ? press.priority : record.priority,
    flags: [...new Set([...record.flags, ...press.flags])],
  };
}
