import type { ActionBody, ActionName } from '../api/contract/actions.ts';
import type { Performer } from './performer.ts';
import { checkClosing } from './closing.ts';
import { type CommitPlan, type EntryDraft, type GuardedKey, type OpenIndex } from './commit.ts';
import { INCIDENT_KEYS } from './keys.ts';
import type { IncidentEventName } from './machine.ts';
import type { Held } from './plan-alarm.ts';
import { isOpen, type IncidentRecord, type Resolution } from './record.ts';
import { applyEvent, type Transitioned } from './transition.ts';

/** An action with its body, as one union, so that the body is known where the name is. */
export type Command = { [A in ActionName]: { readonly name: A; readonly body: ActionBody<A> } }[ActionName];

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
};

/** What a person's action does to an incident, or why not. Pure; the machine's table and the closing rules decide. */
export function planCommand(input: Input): CommandDecision {
  const { incident, command, actor, nowMs } = input;
  const refusal = checkActor(input);
  if (refusal !== null) return { kind: 'refused', refusal };
  if (command.name === 'claim' && incident.ownerId === actor.id) return { kind: 'unchanged' };
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
      ack: null,
    },
  };
}

/** The owner is a person; a colleague may help and comment, but release and close are the owner's or a supervisor's. */
function checkActor({ incident, command, actor }: Input): Refusal | null {
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
  const { open, last } = index.value;
  const becomes: OpenIndex = isOpen(after)
    ? { open: [...open, after.id], last }
    : {
        open: open.filter((id) => id !== after.id),
        last: { incidentId: after.id, closedAt: nowMs, outcome: after.resolution?.outcome ?? 'other' },
      };
  return [{ key: INCIDENT_KEYS.index(after.subject), was: index.raw, becomes: JSON.stringify(becomes), ttlMs: null }];
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

/** Codes and ids go into the log; what people said, names and numbers beside it (design §7). */
function splitPersonal(command: Command): { data: EntryDraft['data']; personal: Record<string, unknown> | null } {
  switch (command.name) {
    case 'note':
      return { data: {}, personal: { text: command.body.text } };
    case 'contact':
      return { data: { kind: command.body.kind }, personal: keepSaid({ text: command.body.text }) };
    case 'call': {
      const { contactId, number, result } = command.body;
      return { data: keepSaid({ contactId, result }) ?? {}, personal: keepSaid({ number }) };
    }
    case 'resolve': {
      const { outcome, contact, name, text } = command.body;
      return { data: { outcome, contact: contact ?? null }, personal: keepSaid({ name, text }) };
    }
    case 'seen':
      return { data: { ...command.body }, personal: null };
    default:
      return { data: {}, personal: null };
  }
}

function keepSaid(fields: Record<string, unknown>): Record<string, unknown> | null {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return said.length === 0 ? null : Object.fromEntries(said);
}
