import type { AlarmType, Priority } from '../../devices/alarm-types.ts';
import type { AuthorityService, IncidentFlag, IncidentState, RingCircle } from '../api/contract/incident.ts';
import { findTransition, type Effect, type IncidentEventName } from './machine.ts';
import { passOver, type LadderRun, type PolicySnapshot } from './policy.ts';
import type { IncidentRecord, Resolution } from './record.ts';
import { takeIn } from './take-in.ts';

/** What comes with an event. Only the fields that the transition's effects name are used. */
export type TransitionInput = {
  readonly nowMs: number;
  /** Who claims it, or acts and so has it where nobody does. */
  readonly ownerId?: string;
  readonly press?: {
    readonly type: AlarmType;
    readonly priority: Priority;
    readonly flags: readonly IncidentFlag[];
    /** What would be chosen for it if it opened a case of its own. */
    readonly policy?: PolicySnapshot;
  };
  readonly resolution?: Resolution;
  /** The case that is merged into this one. */
  readonly source?: IncidentRecord;
  readonly helperId?: string;
  /** False when somebody is with the person, also when nobody in the centre has it; else an unowned case rings on. */
  readonly isUnheard?: boolean;
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
  return { incident: settle(next, nowMs), name: transition.name, effects: transition.effects };
}

/**
 * What always holds, whoever acted: nobody's case is not `claimed`, only what is shelved has a shelf, and what is open and
 * nobody's calls for somebody (P3; a helper on the way is not somebody who has it).
 */
function settle(record: IncidentRecord, nowMs: number): IncidentRecord {
  const state = record.state === 'claimed' && record.ownerId === null ? 'open' : record.state;
  const shelvedUntil = state === 'shelved' ? record.shelvedUntil : null;
  const settled = { ...record, state, shelvedUntil };
  const mustCall = record.ownerId === null && record.ladder === null && CALLING_STATES.has(state);
  return mustCall ? beginPass(settled, nowMs) : settled;
}

/** Nobody is with the person yet. */
const CALLING_STATES: ReadonlySet<IncidentState> = new Set(['open', 'dispatched', 'accepted', 'arrived']);

const COLLEAGUES: readonly RingCircle[] = ['operators', 'supervisors'];
const EVERYBODY: readonly RingCircle[] = ['owner', ...COLLEAGUES];

function applyEffect(record: IncidentRecord, effect: Effect, input: TransitionInput): IncidentRecord {
  const { nowMs } = input;
  switch (effect) {
    case 'ring':
      return ringAt(record, record.ownerId === null ? ['duty'] : ['owner', 'duty'], nowMs);
    case 'ring-owner':
      return ringAt(record, record.ownerId === null ? EVERYBODY : ['owner'], nowMs);
    case 'ring-colleagues':
      return ringAt(record, COLLEAGUES, nowMs);
    case 'ring-handover':
      return ringAt(record, ['handover'], nowMs);
    case 'ask-owner':
      return { ...applyEffect(record, 'ring-owner', input), asked: 'owner', askedAt: nowMs };
    case 'ask-colleagues': {
      const rung: IncidentRecord = { ...ringAt(record, EVERYBODY, nowMs), asked: 'colleagues', askedAt: nowMs };
      // Once: else asking every half minute would put the helpers off for ever.
      return rung.ladder === null ? beginBeyondConsoles(rung, nowMs, 'in-its-turn') : rung;
    }
    case 'await-owner':
      // It rang at them just now: if they do nothing about it, colleagues are next, however often it is pressed meanwhile.
      return record.ownerId === null || record.asked !== 'nobody'
        ? record
        : { ...record, asked: 'owner', askedAt: nowMs };
    case 'attend':
      return attend(record, input);
    case 'take':
      return { ...record, ownerId: input.ownerId ?? record.ownerId, handoverTo: null };
    case 'own':
      return { ...record, ownerId: record.ownerId ?? input.ownerId ?? null };
    case 'disown':
      return { ...record, ownerId: null, handoverTo: null, asked: 'nobody' };
    case 'offer':
      return { ...record, handoverTo: input.handoverTo ?? null };
    case 'count-press':
      return input.press === undefined ? record : withPress(record, input.press, nowMs);
    case 'call-again':
      return beginPass(record, nowMs);
    case 'call-helpers':
      return beginBeyondConsoles(record, nowMs, 'at-once');
    case 'call-further':
      return beginBeyondConsoles(record, nowMs, 'in-its-turn');
    case 'climb': {
      const { ladder } = record;
      if (ladder === null) return record;
      const { circles = [], hasReached = false, toldIds = [] } = input.reached ?? {};
      const climbed = { ...ladder, next: ladder.next + 1, hasReached: ladder.hasReached || hasReached };
      const told = { ...withTold(record, toldIds), ladder: climbed };
      // Who is told by another channel makes no console ring.
      return circles.length === 0 ? told : ringAt(told, circles, nowMs);
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
    case 'take-in':
      return input.source === undefined ? record : takeIn(record, input.source);
    case 'shelve':
      return { ...record, shelvedUntil: input.shelvedUntil ?? nowMs };
    case 'unshelve':
      return { ...record, shelvedUntil: null };
    case 'close':
      return { ...quiet(record), resolution: input.resolution ?? null, handoverTo: null, authority: null };
    case 'open-again':
      return { ...record, resolution: null, helperId: null, promisedAt: null };
  }
}

/** While nobody in the centre has it, it goes on ringing and calling, whatever a helper does on the way. */
function attend(record: IncidentRecord, { isUnheard = true, nowMs }: TransitionInput): IncidentRecord {
  const attended: IncidentRecord = { ...record, progressAt: nowMs, asked: 'nobody' };
  return isUnheard && record.ownerId === null ? attended : quiet(attended);
}

function sendHelper(record: IncidentRecord, helperId: string | undefined): IncidentRecord {
  return helperId === undefined ? record : { ...withTold(record, [helperId]), helperId };
}

function withTold(record: IncidentRecord, toldIds: readonly string[]): IncidentRecord {
  return { ...record, toldIds: [...new Set([...record.toldIds, ...toldIds])] };
}

/** A ring never narrows: at whom it rings already, it goes on ringing until somebody attends to it. */
function ringAt(record: IncidentRecord, circles: readonly RingCircle[], nowMs: number): IncidentRecord {
  const at = [...new Set<RingCircle>([...(record.ringing ? record.circles : []), ...circles])];
  const isForAll = record.isForAll || at.includes('operators') || at.includes('supervisors');
  return { ...record, ringing: true, rangAt: nowMs, circles: at, isForAll };
}

function quiet(record: IncidentRecord): IncidentRecord {
  return { ...record, ringing: false, circles: [], ladder: null };
}

function beginPass(record: IncidentRecord, nowMs: number, from: Partial<LadderRun> = {}): IncidentRecord {
  const passes = record.passes + 1;
  const run = { pass: passes, next: 0, startedAt: nowMs, hasReached: false, exceptId: null };
  return { ...record, passes, ladder: { ...run, ...from } };
}

/** A pass that begins behind the steps that ring at consoles: their people are rung already. */
function beginBeyondConsoles(record: IncidentRecord, nowMs: number, when: 'at-once' | 'in-its-turn'): IncidentRecord {
  const { steps } = record.policy;
  const found = steps.findIndex(({ target }) => target === 'duty-helpers');
  const next = found === -1 ? steps.length : found;
  const before = steps[when === 'at-once' ? next : next - 1];
  const startedAt = nowMs - (before?.afterMs ?? 0);
  return beginPass(record, nowMs, { next, startedAt, hasReached: true, exceptId: record.helperId });
}

/**
 * A further press makes it more urgent, never less, and keeps every mark of what was missing. What made it most urgent
 * names it: a key pressed after "out of bed" is not shown as "out of bed". With it comes the policy that it would have
 * opened with, and a pass that is under way begins anew; so does duress, which is silent whenever it comes.
 */
function withPress(
  record: IncidentRecord,
  press: NonNullable<TransitionInput['press']>,
  nowMs: number,
): IncidentRecord {
  const isMoreUrgent = press.priority < record.priority;
  const counted = countPress(record, press, isMoreUrgent);
  const isSilencing = press.type === 'duress' && !record.types.includes('duress');
  if (press.policy === undefined || !(isMoreUrgent || isSilencing)) return counted;
  const replanned = { ...counted, policy: press.policy };
  return replanned.ladder === null ? replanned : beginPass(replanned, nowMs);
}

function countPress(
  record: IncidentRecord,
  press: NonNullable<TransitionInput['press']>,
  isMoreUrgent: boolean,
): IncidentRecord {
  return {
    ...record,
    presses: record.presses + 1,
    type: isMoreUrgent ? press.type : record.type,
    types: [...new Set([...record.types, press.type])],
    priority: isMoreUrgent ? press.priority : record.priority,
    flags: [...new Set([...record.flags, ...press.flags])],
  };
}
