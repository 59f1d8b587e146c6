import { formatIso } from '../clock.ts';
import { alarmLine, callOf, milestoneLines, rangLine, withMeasure } from './alarm-lines.ts';
import { keepEvent, seenMark, takenMarks } from './alarm-marks.ts';
import type { AlarmInput } from './alarm-view.ts';
import type { CommitPlan, EntryDraft } from './commit.ts';
import type { AlarmFacts } from './facts.ts';
import { calcRepeatKey, isRepeat, type RepeatMark } from './identity.ts';
import type { IncidentEventName } from './machine.ts';
import { findMerge } from './merge.ts';
import { guardIndex, withOpened, type OpenIndex } from './open-index.ts';
import { planLogged, planMention } from './plan-mention.ts';
import { incidentIdOf, newRecord, type OpenIncident } from './record.ts';
import { applyEvent } from './transition.ts';

export type AlarmVerdict = 'already-seen' | 'repeat' | 'opened' | 'joined' | 'mentioned' | 'restored' | 'logged';

export type AlarmDecision = {
  readonly verdict: AlarmVerdict;
  readonly incidentId: string | null;
  readonly plan: CommitPlan;
};

/**
 * What becomes of one alarm: pure, from what the register and the store say. Identity first, then the merge table, and
 * always an answer: nothing that reaches this point is dropped without a line in the log.
 */
export function planAlarm(input: AlarmInput): AlarmDecision {
  const { event, facts, view, streamId } = input;
  if (view.seen.value) {
    const plan = { incidents: [], guarded: [], events: [], entries: [], notifications: [], ack: streamId };
    return { verdict: 'already-seen', incidentId: null, plan };
  }
  const { rule } = calcRepeatKey(event, view.trust.value, facts.deviceKey);
  const mark = view.repeat.value;
  if (mark !== null && isRepeat(rule, event, mark)) return planRepeat(input, mark);
  if (!isAlarm(input)) return planMention(input);
  if (facts.lane === 'test') return planLogged(input, []);
  const target = findMerge(facts, view.openOfSubject, event.receivedAt);
  return target === null ? planOpen(input) : planJoin(input, target);
}

/** An answer to what is closed by now has nowhere to stand: somebody must read it. */
function isAlarm({ event, view }: AlarmInput): boolean {
  const { kind } = event.message;
  return kind === 'alarm' || (kind === 'answer' && view.openOfSubject.length === 0);
}

function planOpen(input: AlarmInput): AlarmDecision {
  const { event, facts, view, nowMs } = input;
  // Field by field: the rest of what the register says does not belong on a record that is never erased.
  const { type, lane, priority, homeId, residentId, deviceId, region, candidates, subject, flags } = facts;
  const place = { homeId, residentId, deviceId, region, candidates, subject };
  const opening = { type, lane, priority, ...place, flags, openedAt: event.receivedAt, policy: input.policy };
  const record = newRecord({ ...opening, id: incidentIdOf(event.id) }, nowMs);
  const index = view.index.value;
  const opened = withMeasure(
    event,
    alarmLine(input, record.id, 'opened', {
      alarmId: event.id,
      type,
      priority,
      flags,
      ...callOf(event),
      ...(lane === 'emergency' ? calcAgain(index.last, event.receivedAt) : {}),
    }),
  );
  return {
    verdict: 'opened',
    incidentId: record.id,
    plan: {
      incidents: [{ record, was: null }],
      guarded: [...takenMarks(input, record.id), guardIndex(subject, view.index, withOpened(index, record.id))],
      events: [keepEvent(input, record.id)],
      entries: [withStatus(opened, facts), ...milestoneLines(input, record.id), rangLine(input, record.id, 'opened')],
      notifications: [],
      ack: input.streamId,
    },
  };
}

function planJoin(input: AlarmInput, target: OpenIncident): AlarmDecision {
  const { event, facts, view, nowMs } = input;
  const { type, priority, flags } = facts;
  const moved = applyEvent(target, calcJoin(facts, target), {
    nowMs,
    press: { type, priority, flags, policy: input.policy },
  });
  if (moved === null) return planOpen(input);
  const { presses } = moved.incident;
  const joined = withMeasure(
    event,
    alarmLine(input, target.id, 'joined', {
      alarmId: event.id,
      type,
      presses,
      flags,
      ...viaPerson(event),
      ...callOf(event),
    }),
  );
  const rang = moved.incident.rangAt === target.rangAt ? [] : [rangLine(input, target.id, moved.name)];
  return {
    verdict: 'joined',
    incidentId: target.id,
    plan: {
      incidents: [{ record: moved.incident, was: target }],
      // Compared although it stays: another alarm of the same subject may be opening an incident just now.
      guarded: [...takenMarks(input, target.id), guardIndex(facts.subject, view.index, null)],
      events: [keepEvent(input, target.id)],
      entries: [joined, ...milestoneLines(input, target.id), ...rang],
      notifications: [],
      ack: input.streamId,
    },
  };
}

/** A technical alarm is a level: it rang when it began and rings at its deadlines, not with every report that it lasts. */
function calcJoin({ lane, type }: AlarmFacts, target: OpenIncident): IncidentEventName {
  if (!target.types.includes(type)) return 'join-new';
  return lane === 'technical' ? 'still' : 'join';
}

/** The same cry by another path: somebody phoned about what a device has told already. */
function viaPerson({ byHand }: AlarmInput['event']): Readonly<Record<string, unknown>> {
  return byHand === undefined ? {} : { byHand: byHand.source };
}

/** The same cry once more: a line in the log, no ring (design §4 Identity). */
function planRepeat(input: AlarmInput, mark: RepeatMark): AlarmDecision {
  const data = { alarmId: input.event.id, repeatOf: mark.eventId };
  return {
    verdict: 'repeat',
    incidentId: mark.incidentId,
    plan: {
      incidents: [],
      guarded: [seenMark(input, mark.incidentId)],
      events: [],
      entries: [alarmLine(input, mark.incidentId, 'repeated', data)],
      notifications: [],
      ack: input.streamId,
    },
  };
}

/** Recorded as in hospital, moved, deceased …: whoever takes the case sees it at once. It may be health, so it can be erased. */
function withStatus(opened: EntryDraft, { residentStatus }: AlarmFacts): EntryDraft {
  if (residentStatus === null) return opened;
  const { kind, from } = residentStatus;
  const since = from === null ? null : formatIso(from);
  return { ...opened, personal: { ...opened.personal, residentStatus: { kind, since } } };
}

/** "Again after 12 min, closed as …": the opening line says so (design §4 Merging). */
function calcAgain(last: OpenIndex['last'], receivedAt: number): Readonly<Record<string, unknown>> {
  if (last === null) return {};
  const afterMs = Math.max(0, receivedAt - last.closedAt);
  return { again: { incidentId: last.incidentId, afterMs, outcome: last.outcome } };
}
