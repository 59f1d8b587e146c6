import type { StoredEntry } from '../incidents/commit-script.ts';

/** Ids of alarms that came to a case from another, and that went from it. */
export type Moves = { readonly came: readonly string[]; readonly went: readonly string[] };

/** Merges and splits, from the lines of a case in their order. Pure. */
export function calcMoves(incidentId: string, entries: readonly StoredEntry[]): Moves {
  const came = new Set<string>();
  const went = new Set<string>();
  for (const { data } of entries) {
    const { from, to, alarmIds } = data;
    const ids = Array.isArray(alarmIds) ? alarmIds.filter((id) => typeof id === 'string') : [];
    for (const id of ids) {
      if (to === incidentId) {
        came.add(id);
        went.delete(id);
      } else if (from === incidentId) {
        went.add(id);
        came.delete(id);
      }
    }
  }
  return { came: [...came], went: [...went] };
}
