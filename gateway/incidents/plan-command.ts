import type { ActionBody } from '../api/contract/actions.ts';
import { checkClosing } from './closing.ts';
import type { Command } from './command.ts';
import type { CommitPlan, EntryDraft, GuardedKey } from './commit.ts';
import type { Held } from './held.ts';
import type { IncidentEventName } from './machine.ts';
import { guardIndex, withClosed, withOpened, type OpenIndex } from './open-index.ts';
import type { Performer } from './performer.ts';
import { splitPersonal } from './personal.ts';
import { isOpen, type IncidentRecord, type Resolution } from './record.ts';
import { applyEvent, type Transitioned } from './transition.ts';

export type { Command } from './command.ts';

export type Refusal = {
  readonly code: 'claimed-by-other' | 'wrong-state' | 'contact-needed' | 'forbidden';
  readonly detail: string;
};

export type CommandDecision =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'done'; readonly incident: IncidentRecord; readonly plan: CommitPlan };

type Input = {
  readonly incident: IncidentRecord;
  readonly index: Held<OpenIndex>;
  readonly command: Command;
  readonly actor: Performer;
  readonly nowMs: number;
  /** How many presses there were when the action came in. */
  readonly pressesKnown: number;
};

/** What a person's action does to an incident, or why not. Pure; the machine's table and the closing rules decide. */
export function planCommand(input: Input): CommandDecision {
  const { incident, command, actor, nowMs } = input;
  const refusal = checkActor(input);
  if (refusal !== null) return { kind: 'refused', refusal };
  if (command.name === 'claim' && isOpen(incident) && incident.ownerId === actor.id) return { kind: 'unchanged' };
  const moved = applyEvent(incident, eventOf(input), {
    nowMs,
    ownerId: actor.id,
    ...(command.name === 'resolve' ? { resolution: resolutionOf(command.body, actor, nowMs) } : {}),
  });
  if (moved === null) {
    return { kind: 'refused', refusal: { code: 'wrong-state', detail: `no ${command.name} while ${incident.state}` } };
  }
  const marked = markFirsts(moved.incident, command, nowMs);
  return {
    kind: 'done',
    incident: marked,
    plan: {
      incidents: [{ record: marked, was: incident }],
      guarded: indexChange(input, marked),
      events: [],
      entries: entriesOf(input, { ...moved, incident: marked }),
      notifications: [],
      ack: null,
    },
  };
}

/** The owner is a person; a colleague may help and comment, but release and close are the owner's or a supervisor's. */
function checkActor({ incident, command, actor, pressesKnown }: Input): Refusal | null {
  const isOthers = incident.ownerId !== null && incident.ownerId !== actor.id;
  if (command.name === 'claim' && isOpen(incident) && isOthers) {
    return { code: 'claimed-by-other', detail: 'a colleague has it' };
  }
  if (
    (command.name === 'release' || command.name === 'resolve') &&
    isOpen(incident) &&
    isOthers &&
    !actor.isSupervisor
  ) {
    return { code: 'claimed-by-other', detail: `only its owner or a supervisor may ${command.name} it` };
  }
  if (command.name === 'resolve' && isOpen(incident)) {
    // Who closes has not heard of a press that came in at the same moment.
    if (incident.presses > pressesKnown) return { code: 'wrong-state', detail: 'it was pressed again just now' };
    return checkClosing(incident.priority, command.body, actor.isSupervisor);
  }
  return null;
}

/** Which event of the machine an action is. A note on a colleague's case comments it; on an unowned one it claims. */
function eventOf({ incident, command, actor }: Input): IncidentEventName {
  switch (command.name) {
    case 'note': {
      const isOwnOrFree = incident.ownerId === null || incident.ownerId === actor.id;
      return isOpen(incident) && isOwnOrFree ? 'step' : 'comment';
    }
    case 'contact':
    case 'call':
      return 'step';
    default:
      return command.name;
  }
}

function resolutionOf(body: ActionBody<'resolve'>, actor: Performer, nowMs: number): Resolution {
  return { outcome: body.outcome, contact: body.contact ?? null, at: nowMs, by: actor.tag };
}

/** First sight and first voice are milestones; they are kept on the record so that they happen once. */
function markFirsts(incident: IncidentRecord, command: Command, nowMs: number): IncidentRecord {
  if (command.name === 'seen' && command.body.painted !== undefined && incident.shownAt === null) {
    return { ...incident, shownAt: nowMs };
  }
  return isVoice(command) && incident.voiceAt === null ? { ...incident, voiceAt: nowMs } : incident;
}

function isVoice(command: Command): boolean {
  if (command.name === 'call') return command.body.result === 'answered';
  if (command.name !== 'contact' && command.name !== 'resolve') return false;
  const kind = command.name === 'contact' ? command.body.kind : command.body.contact;
  return kind === 'spoke-with-person' || kind === 'spoke-with-someone-beside-them';
}

function indexChange({ incident, index, nowMs }: Input, after: IncidentRecord): GuardedKey[] {
  if (isOpen(incident) === isOpen(after)) return [];
  const becomes = isOpen(after) ? withOpened(index.value, after.id) : withClosed(index.value, after, nowMs);
  return [guardIndex(after.subject, index, becomes)];
}

/** The action's own line, then the milestones that it reached, then the ring. */
function entriesOf({ incident, command, actor, nowMs }: Input, moved: Transitioned): EntryDraft[] {
  const after = moved.incident;
  const line = (type: string, data: EntryDraft['data'] = {}): EntryDraft => ({
    incidentId: incident.id,
    type,
    actor: actor.tag,
    at: nowMs,
    data,
  });
  const { data, personal } = splitPersonal(command);
  const lines = [{ ...line(command.name, data), ...(personal === null ? {} : { personal }) }];
  if (incident.ownerId === null && after.ownerId !== null) lines.push(line('claimed'));
  if (incident.shownAt === null && after.shownAt !== null) lines.push(line('shown'));
  if (incident.voiceAt === null && after.voiceAt !== null) lines.push(line('voice'));
  if (isOpen(incident) && !isOpen(after)) lines.push(line('resolved', data));
  if (moved.effects.includes('ring')) lines.push({ ...line('rang', { reason: moved.name }), actor: 'system' });
  return lines;
}
