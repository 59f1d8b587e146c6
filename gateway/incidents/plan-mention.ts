import { alarmLine, callOf, milestoneLines, senderOf, withMeasure } from './alarm-lines.ts';
import { keepEvent, takenMarks } from './alarm-marks.ts';
import type { AlarmInput } from './alarm-view.ts';
import type { CommitPlan, GuardedKey } from './commit.ts';
import { compareUrgency } from './merge.ts';
import { noteCall } from './missed-call.ts';
import { guardIndex, withClosed } from './open-index.ts';
import { isOpen, type OpenIncident } from './record.ts';
import { applyEvent } from './transition.ts';

export type Mention = {
  readonly verdict: 'mentioned' | 'restored' | 'logged';
  readonly incidentId: string | null;
  readonly plan: CommitPlan;
};

/**
 * A cancel or a restore closes nothing but technical incidents; about an emergency it is a note to the operator, because
 * nobody knows who pressed the key the second time; so is how a telephone call went on, and what a contact answered. About nothing that is open it is logged.
 */
export function planMention(input: AlarmInput): Mention {
  const { event, facts, view, nowMs } = input;
  const target = findMentioned(input);
  if (target === undefined) return planLogged(input, [guardIndex(facts.subject, view.index, null)]);
  const isRestore = restoresTechnical(input);
  const resolution = { outcome: 'technical', contact: null, at: nowMs, by: senderOf(event) } as const;
  const moved = isRestore
    ? applyEvent(target, 'restore', { nowMs, resolution })
    : applyEvent(target, 'mention', { nowMs });
  if (moved === null) return planLogged(input, []);
  const noted = noteCall(moved.incident, event.message.call);
  const { kind } = event.message;
  const said = { alarmId: event.id, kind, type: facts.type, ...callOf(event) };
  const line = withMeasure(event, alarmLine(input, target.id, 'joined', said));
  return {
    verdict: isRestore ? 'restored' : 'mentioned',
    incidentId: target.id,
    plan: {
      incidents: [{ record: noted, was: target }],
      guarded: [
        ...takenMarks(input, target.id),
        guardIndex(facts.subject, view.index, isOpen(noted) ? null : withClosed(view.index.value, noted, nowMs)),
      ],
      events: [keepEvent(input, target.id)],
      entries: [
        line,
        ...milestoneLines(input, target.id),
        ...(isOpen(noted) ? [] : [alarmLine(input, target.id, 'resolved', { outcome: 'technical' })]),
      ],
      notifications: [],
      ack: input.streamId,
    },
  };
}

/** Tests, and cancels and restores of what is not open: logged and answered, nothing opens. */
export function planLogged(input: AlarmInput, guarded: readonly GuardedKey[]): Mention {
  return {
    verdict: 'logged',
    incidentId: null,
    plan: {
      incidents: [],
      guarded: [...takenMarks(input, null), ...guarded],
      events: [keepEvent(input, null)],
      entries: milestoneLines(input, null),
      notifications: [],
      ack: input.streamId,
    },
  };
}

function restoresTechnical({ event, facts }: AlarmInput): boolean {
  return event.message.kind === 'restored' && facts.lane === 'technical';
}

/** The case that is meant: of the same type where there is one; a restore closes no other. */
function findMentioned(input: AlarmInput): OpenIncident | undefined {
  const { event, facts, view } = input;
  // Whoever was told may have been told of any lane.
  if (event.message.kind === 'answer') return view.openOfSubject.toSorted(compareUrgency)[0];
  const inLane = view.openOfSubject.filter((open) => open.lane === facts.lane);
  const sameType = inLane.find((open) => open.type === facts.type);
  return sameType ?? (restoresTechnical(input) ? undefined : inLane[0]);
}
