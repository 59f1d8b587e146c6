import type { Incident } from '../../gateway/api/contract/incident.ts';

/** Who has it, seen from the person at this console. */
export type Holder =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'me' }
  | { readonly kind: 'other'; readonly name: string };

export function calcHolder(incident: Incident, myId: string): Holder {
  if (incident.owner === null) return { kind: 'nobody' };
  return incident.owner.id === myId ? { kind: 'me' } : { kind: 'other', name: incident.owner.name };
}
