import type { AlarmEvent } from '../../devices/event.ts';
import { formatIso } from '../clock.ts';
import { EMPTY_INDEX, type CommitPlan, type EntryDraft, type GuardedKey, type OpenIndex } from './commit.ts';
import type { AlarmFacts } from './facts.ts';
import {
  calcRepeatKey,
  isRepeat,
  MARK_TTL_MS,
  nextTrust,
  readClock,
  type ClockTrust,
  type RepeatMark,
} from './identity.ts';
import { INCIDENT_KEYS } from './keys.ts';
import { findMerge } from './merge.ts';
import { incidentIdOf, isOpen, type IncidentRecord, type OpenIncident } from './record.ts';
import { applyEvent } from './transition.ts';

/** What the store held when the decision was taken; `raw` is the exact text, for the comparison in the script. */
export type Held<T> = { readonly raw: string | null; readonly value: T };

export type AlarmView = {
  readonly seen: Held<boolean>;
  readonly repeat: Held<RepeatMark | null>;
  readonly trust: Held<ClockTrust>;
  readonly index: Held<OpenIndex>;
  readonly openOfSubject: readonly OpenIncident[];
};

export type AlarmVerdict = 'already-seen' | 'repeat' | 'opened' | 'joined' | 'mentioned' | 'restored' | 'logged';

export type AlarmDecision = {
  readonly verdict: AlarmVerdict;
  readonly incidentId: string | null;
  readonly plan: CommitPlan;
};

type Input = {
  readonly event: AlarmEvent;
  readonly facts: AlarmFacts;
  readonly view: AlarmView;
  readonly nowMs: number;
  readonly streamId: string | null;
};

/**
 * What becomes of one alarm: pure, from what the register and the store say. Identity first, then the merge table, and
 * always an answer: nothing that reaches this point is dropped without a line in the log.
 */
export function planAlarm(input: Input): AlarmDecision {
  const { event, facts, view } = input;
  if (view.seen.value) {
    return { verdict: 'already-seen', incidentId: null, plan: { ...nothing(input), ack: input.streamId } };
  }
  const { rule } = calcRepeatKey(event, view.trust.value);
  const mark = view.repeat.value;
  if (mark !== null && isRepeat(rule, event, mark)) return planRepeat(input, mark);
  const { message } = event;
  if (message.kind !== 'alarm') return planMention(input);
  if (facts.lane === 'test') return planLogged(input);
  const target = findMerge(facts, view.openOfSubject);
  return target === null ? planOpen(input) : planJoin(input, target);
}

function planOpen(input: Input): AlarmDecision {
  const { event, facts, view, nowMs } = input;
  const record: IncidentRecord = {
    id: incidentIdOf(event.id),
    version: 1,
    state: 'open',
    type: facts.type,
    lane: facts.lane,
    priority: facts.priority,
    homeId: facts.homeId,
    residentId: facts.residentId,
    deviceId: facts.deviceId,
    region: facts.region,
    candidates: facts.candidates,
    subject: facts.subject,
    presses: 1,
    flags: facts.flags,
    openedAt: event.receivedAt,
    updatedAt: nowMs,
    ownerId: null,
    ringing: true,
    rangAt: nowMs,
    progressAt: nowMs,
    shelvedUntil: null,
    promisedAt: null,
    shownAt: null,
    voiceAt: null,
    resolution: null,
  };
  const index = view.index.value;
  const opened = entry(input, record.id, 'opened', {
    alarmId: event.id,
    type: facts.type,
    priority: facts.priority,
    flags: facts.flags,
    ...calcAgain(index.last, event.receivedAt),
  });
  return {
    verdict: 'opened',
    incidentId: record.id,
    plan: {
      ...nothing(input),
      incidents: [{ record, was: null }],
      guarded: [
        ...marks(input, record.id),
        {
          key: INCIDENT_KEYS.index(facts.subject),
          was: view.index.raw,
          becomes: JSON.stringify({ ...index, open: [...index.open, record.id] } satisfies OpenIndex),
          ttlMs: null,
        },
      ],
      events: [keep(input, record.id)],
      entries: [opened, ...milestones(input, record.id), rang(input, record.id, 'opened')],
      ack: input.streamId,
    },
  };
}

function planJoin(input: Input, target: OpenIncident): AlarmDecision {
  const { event, facts, nowMs } = input;
  const press = { priority: facts.priority, flags: facts.flags };
  const moved = applyEvent(target, 'join', { nowMs, press });
  if (moved === null) return planOpen(input);
  const joined = entry(input, target.id, 'joined', {
    alarmId: event.id,
    type: facts.type,
    presses: moved.incident.presses,
    flags: facts.flags,
  });
  return {
    verdict: 'joined',
    incidentId: target.id,
    plan: {
      ...nothing(input),
      incidents: [{ record: moved.incident, was: target }],
      guarded: [...marks(input, target.id), unchanged(input)],
      events: [keep(input, target.id)],
      entries: [joined, ...milestones(input, target.id), rang(input, target.id, 'pressed-again')],
      ack: input.streamId,
    },
  };
}

/** The same cry once more: a line in the log, no ring (design §4 Identity). */
function planRepeat(input: Input, mark: RepeatMark): AlarmDecision {
  const data = { alarmId: input.event.id, repeatOf: mark.eventId };
  return {
    verdict: 'repeat',
    incidentId: mark.incidentId,
    plan: {
      ...nothing(input),
      guarded: [seenMark(input, mark.incidentId)],
      entries: [entry(input, mark.incidentId, 'repeated', data)],
      ack: input.streamId,
    },
  };
}

/**
 * A cancel or a restore closes nothing but technical incidents; about an emergency it is a note to the operator, because
 * nobody knows who pressed the key the second time.
 */
function planMention(input: Input): AlarmDecision {
  const { event, facts, view, nowMs } = input;
  const isRestore = event.message.kind === 'restored' && facts.lane === 'technical';
  const target = isRestore
    ? view.openOfSubject.find((open) => open.lane === 'technical' && open.type === facts.type)
    : view.openOfSubject.find((open) => open.lane === facts.lane);
  if (target === undefined) return planLogged(input);
  const resolution = { outcome: 'technical', contact: null, at: nowMs, by: actorOf(event) } as const;
  const moved = applyEvent(target, isRestore ? 'restore' : 'mention', {
    nowMs,
    ...(isRestore ? { resolution } : {}),
  });
  if (moved === null) return planLogged(input);
  const noted = moved.incident;
  const index = view.index.value;
  const closed = {
    open: index.open.filter((id) => id !== target.id),
    last: { incidentId: target.id, closedAt: nowMs, outcome: 'technical' },
  } satisfies OpenIndex;
  const line = entry(input, target.id, 'joined', { alarmId: event.id, kind: event.message.kind, type: facts.type });
  return {
    verdict: isRestore ? 'restored' : 'mentioned',
    incidentId: target.id,
    plan: {
      ...nothing(input),
      incidents: [{ record: noted, was: target }],
      guarded: [
        ...marks(input, target.id),
        isOpen(noted) ? unchanged(input) : { ...unchanged(input), becomes: JSON.stringify(closed) },
      ],
      events: [keep(input, target.id)],
      entries: [
        line,
        ...milestones(input, target.id),
        ...(isOpen(noted) ? [] : [entry(input, target.id, 'resolved', { outcome: 'technical' })]),
      ],
      ack: input.streamId,
    },
  };
}

/** Tests, and cancels and restores of what is not open: logged and answered, nothing opens. */
function planLogged(input: Input): AlarmDecision {
  const { event } = input;
  return {
    verdict: 'logged',
    incidentId: null,
    plan: {
      ...nothing(input),
      guarded: marks(input, null),
      events: [keep(input, null)],
      entries: milestones(input, null),
      ack: input.streamId,
    },
  };
}

function keep({ event }: Input, incidentId: string | null): CommitPlan['events'][number] {
  return { id: event.id, incidentId, json: JSON.stringify(event) };
}

function nothing(input: Input): CommitPlan {
  return { incidents: [], guarded: [], events: [], entries: [], ack: input.streamId };
}

function seenMark({ event, view }: Input, incidentId: string | null): GuardedKey {
  return { key: INCIDENT_KEYS.seen(event.id), was: view.seen.raw, becomes: incidentId ?? '-', ttlMs: MARK_TTL_MS };
}

/** Seen, the repeat mark and the trust in the device's clock: written with every alarm that is taken. */
function marks(input: Input, incidentId: string | null): GuardedKey[] {
  const { event, view } = input;
  const { key } = calcRepeatKey(event, view.trust.value);
  const mark: RepeatMark = { eventId: event.id, incidentId, receivedAt: event.receivedAt };
  const keys = [
    seenMark(input, incidentId),
    { key: INCIDENT_KEYS.repeat(key), was: view.repeat.raw, becomes: JSON.stringify(mark), ttlMs: MARK_TTL_MS },
  ];
  const trust = nextTrust(view.trust.value, readClock(event.message.at, event.receivedAt));
  if (trust !== null && trust !== view.trust.value && event.deviceId !== null && event.standing === 'verified') {
    keys.push({
      key: INCIDENT_KEYS.clock(event.deviceId),
      was: view.trust.raw,
      becomes: trust,
      ttlMs: MARK_TTL_MS,
    });
  }
  return keys;
}

/** Guards the index without changing it: another alarm of the same subject may be opening an incident just now. */
function unchanged({ facts, view }: Input): GuardedKey {
  const becomes = view.index.raw ?? JSON.stringify(EMPTY_INDEX);
  return { key: INCIDENT_KEYS.index(facts.subject), was: view.index.raw, becomes, ttlMs: null };
}

/** `pressed` where the device told a time, and `received`; milestones stand beside the entries, never instead. */
function milestones(input: Input, incidentId: string | null): EntryDraft[] {
  const { event } = input;
  const { at } = event.message;
  const received = entry(input, incidentId, 'received', {
    alarmId: event.id,
    deviceId: event.deviceId,
    type: input.facts.type,
    kind: event.message.kind,
    gatewayId: event.gatewayId,
    latencyMs: Math.max(0, input.nowMs - event.receivedAt),
  });
  if (at === undefined || readClock(at, event.receivedAt) === 'incredible') return [received];
  const pressed = entry(input, incidentId, 'pressed', {
    alarmId: event.id,
    deviceAt: formatIso(at),
    offsetMs: event.receivedAt - at,
  });
  return [pressed, received];
}

function rang(input: Input, incidentId: string, reason: string): EntryDraft {
  return { ...entry(input, incidentId, 'rang', { reason }), actor: 'system', at: input.nowMs };
}

function entry(
  { event }: Input,
  incidentId: string | null,
  type: string,
  data: Readonly<Record<string, unknown>>,
): EntryDraft {
  return { incidentId, type, actor: actorOf(event), at: event.receivedAt, data };
}

function actorOf(event: AlarmEvent): string {
  return event.byHand?.actor ?? (event.deviceId === null ? 'system' : `device:${event.deviceId}`);
}

/** "Again after 12 min, closed as …": the opening line says so (design §4 Merging). */
function calcAgain(last: OpenIndex['last'], receivedAt: number): Readonly<Record<string, unknown>> {
  if (last === null) return {};
  const afterMs = Math.max(0, receivedAt - last.closedAt);
  return { again: { incidentId: last.incidentId, afterMs, outcome: last.outcome } };
}
