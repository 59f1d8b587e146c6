import type { ActionRegister } from '../../../../gateway/incidents/actions/action.ts';
import type { Command } from '../../../../gateway/incidents/command.ts';
import { EMPTY_INDEX } from '../../../../gateway/incidents/open-index.ts';
import type { Around } from '../../../../gateway/incidents/load-around.ts';
import type { Performer } from '../../../../gateway/incidents/performer.ts';
import { planCommand } from '../../../../gateway/incidents/plan-command.ts';
import type { IncidentRecord } from '../../../../gateway/incidents/record.ts';
import { NOW, operator, register, SECOND } from '../build.ts';

/** Two operators of different regions, a supervisor, two helpers and somebody of another city. */
export const PEOPLE: ActionRegister = register({
  users: [
    { id: 'u1', roles: ['operator'] },
    { id: 'u2', roles: ['operator'] },
    { id: 'u3', roles: ['operator'], regions: ['ningbo'] },
    { id: 'u9', roles: ['supervisor'] },
    { id: 'h1', roles: ['helper'] },
    { id: 'h2', roles: ['helper'] },
  ],
});

/** What one action of one person does to an incident, a second after `NOW`. */
export function act(
  incident: IncidentRecord,
  command: Command,
  actor: Performer = operator,
  around: Partial<Around> = {},
  nowMs = NOW + SECOND,
) {
  const value = incident.state === 'resolved' ? EMPTY_INDEX : { open: [incident.id], last: null };
  const indexes = new Map([[incident.subject, { raw: JSON.stringify(value), value }]]);
  return planCommand({
    incident,
    around: { indexes, target: null, alarms: null, apart: null, ...around },
    command,
    actor,
    nowMs,
    pressesKnown: incident.presses,
    register: PEOPLE,
  });
}

export function done(...args: Parameters<typeof act>) {
  const decision = act(...args);
  if (decision.kind !== 'done') {
    throw new Error(decision.kind === 'refused' ? JSON.stringify(decision.refusal) : decision.kind);
  }
  return decision;
}

export function refusal(...args: Parameters<typeof act>): string {
  const decision = act(...args);
  return decision.kind === 'refused' ? decision.refusal.code : decision.kind;
}

/** The types of the lines that it writes, in order. */
export function linesOf(...args: Parameters<typeof act>): string[] {
  return done(...args).plan.entries.map(({ type }) => type);
}
