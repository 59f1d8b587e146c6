import type { ActionInput, ActionRegister, ActionSpec, Refusal } from './actions/action.ts';
import { specOf } from './actions/table.ts';
import type { Command } from './command.ts';
import { commandLines } from './command-lines.ts';
import type { CommitPlan } from './commit.ts';
import type { Around } from './load-around.ts';
import { withoutMissedCall } from './missed-call.ts';
import { planIndexes } from './plan-indexes.ts';
import { actsAsHelper, isTold, type Performer } from './performer.ts';
import { isOpen, type IncidentRecord } from './record.ts';
import { applyEvent } from './transition.ts';

export type CommandDecision =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'done'; readonly incident: IncidentRecord; readonly plan: CommitPlan };

export type CommandInput = {
  readonly incident: IncidentRecord;
  readonly command: Command;
  readonly actor: Performer;
  readonly nowMs: number;
  /** How many presses there were when the action came in. */
  readonly pressesKnown: number;
  readonly register: ActionRegister;
  readonly around: Around;
};

/** What a person's action does to an incident, or why not. Pure; the tables of actions and of the machine decide. */
export function planCommand(input: CommandInput): CommandDecision {
  const { incident, command, actor, nowMs } = input;
  if (command.name === 'claim' && isOpen(incident) && incident.ownerId === actor.id) return { kind: 'unchanged' };
  const { name, body } = command;
  const spec = specOf(name);
  const asked: ActionInput<unknown> = { ...input, body };
  const refusal = checkActor(spec, asked) ?? spec.check?.(asked) ?? null;
  if (refusal !== null) return { kind: 'refused', refusal };
  const isHelping = spec.isForHelpers && actsAsHelper(incident, actor);
  const moved = applyEvent(incident, spec.event(asked), {
    nowMs,
    ...(isHelping ? {} : { ownerId: actor.id }),
    ...spec.brings?.(asked),
  });
  if (moved === null) {
    return { kind: 'refused', refusal: { code: 'wrong-state', detail: `no ${name} while ${incident.state}` } };
  }
  const marked = markFirsts(incident, moved.incident, command, nowMs);
  const further = spec.alsoDoes?.(asked, marked);
  const after = further?.incident ?? marked;
  const incidents = [{ record: after, was: incident }, ...(further?.others ?? [])];
  const lines = commandLines({ ...input, spec, moved: { ...moved, incident: after }, data: further?.data ?? {} });
  return {
    kind: 'done',
    incident: after,
    plan: {
      incidents,
      guarded: planIndexes(incidents, input.around.indexes, nowMs),
      events: [],
      moves: further?.moves ?? [],
      entries: [...lines, ...(further?.entries ?? [])],
      notifications: spec.notifies?.(asked, after) ?? [],
      ack: null,
    },
  };
}

/** The owner is a person; a colleague may help and comment, but release, shelve and close are the owner's or a supervisor's. */
function checkActor(spec: ActionSpec<unknown>, { incident, actor }: ActionInput<unknown>): Refusal | null {
  if (actor.isHelper && !(spec.isForHelpers && isTold(incident, actor.id))) {
    return { code: 'forbidden', detail: 'helpers answer for where they were sent' };
  }
  const isOthers = isOpen(incident) && incident.ownerId !== null && incident.ownerId !== actor.id;
  if (isOthers && spec.onColleagues === 'owner-or-supervisor' && !actor.isSupervisor) {
    return { code: 'claimed-by-other', detail: 'only its owner or a supervisor may do that' };
  }
  return null;
}

/**
 * First claim, first sight and first voice are milestones; they are kept on the record so that they happen once. The last voice is
 * kept: any answers a missed call.
 */
function markFirsts(was: IncidentRecord, after: IncidentRecord, command: Command, nowMs: number): IncidentRecord {
  const isShown = command.name === 'seen' && command.body.painted !== undefined;
  const isVoice = specOf(command.name).isVoice?.(command.body) === true;
  return {
    ...after,
    claimedAt: was.claimedAt ?? (after.ownerId === null ? null : nowMs),
    shownAt: was.shownAt ?? (isShown ? nowMs : null),
    voiceAt: isVoice ? nowMs : was.voiceAt,
    flags: isVoice ? withoutMissedCall(after.flags) : after.flags,
  };
}
