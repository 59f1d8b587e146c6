import type { IncidentRecord } from './record.ts';

/** Who acts on an incident. */
export type Performer = {
  /** Owner id in the API: the user's id. */
  readonly id: string;
  /** As the log names it: user:<id> or local:<uid>. */
  readonly tag: string;
  /** Supervisor or admin: may release or close a colleague's case and close without contact, with a reason. */
  readonly isSupervisor: boolean;
  /** Goes there and works on no cases: never becomes an owner. */
  readonly isHelper: boolean;
};

/** Whether a helper was sent to this case or told of it. */
export function isTold({ helperId, toldIds }: IncidentRecord, userId: string): boolean {
  return helperId === userId || toldIds.includes(userId);
}

/** Somebody who was told as a helper acts as one, also where they work on cases otherwise and do not have this one. */
export function actsAsHelper(incident: IncidentRecord, actor: Performer): boolean {
  return actor.isHelper || (incident.ownerId !== actor.id && isTold(incident, actor.id));
}
