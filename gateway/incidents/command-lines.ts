import type { ActionSpec } from './actions/action.ts';
import type { Command } from './command.ts';
import type { EntryDraft } from './commit.ts';
import type { Performer } from './performer.ts';
import { isOpen, type IncidentRecord } from './record.ts';
import type { Transitioned } from './transition.ts';

/** The action's own line, then the milestones that it reached, then the ring. */
export function commandLines(input: {
  readonly incident: IncidentRecord;
  readonly command: Command;
  readonly actor: Performer;
  readonly nowMs: number;
  readonly spec: ActionSpec<unknown>;
  readonly moved: Transitioned;
  /** What the action's own line tells beside what was asked. */
  readonly data: EntryDraft['data'];
}): EntryDraft[] {
  const { incident, command, actor, nowMs, spec, moved } = input;
  const after = moved.incident;
  const line = (type: string, data: EntryDraft['data'] = {}): EntryDraft => ({
    incidentId: incident.id,
    type,
    actor: actor.tag,
    at: nowMs,
    data,
  });
  const { data, personal } = spec.log(command.body);
  const lines = [{ ...line(command.name, { ...data, ...input.data }), ...(personal === null ? {} : { personal }) }];
  if (after.ownerId !== null && after.ownerId !== incident.ownerId) lines.push(claimedLine(line, incident));
  for (const milestone of spec.milestones?.(command.body) ?? []) lines.push(line(milestone, data));
  if (incident.shownAt === null && after.shownAt !== null) lines.push(line('shown'));
  if (incident.voiceAt === null && after.voiceAt !== null) lines.push(line('voice'));
  if (isOpen(incident) && !isOpen(after)) lines.push(line('resolved', data));
  if (after.ringing && after.rangAt !== incident.rangAt) {
    lines.push({ ...line('rang', { reason: moved.name, circles: after.circles }), actor: 'system' });
  }
  return lines;
}

/** Somebody has it. `again`: it was had before, which the home was told then. */
function claimedLine(line: (type: string, data?: EntryDraft['data']) => EntryDraft, was: IncidentRecord): EntryDraft {
  return line('claimed', {
    ...(was.ownerId === null ? {} : { from: was.ownerId }),
    ...(was.claimedAt === null ? {} : { again: true }),
  });
}
