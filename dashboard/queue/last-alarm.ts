import type { Incident } from '../../gateway/api/contract/incident.ts';
import { isTechnical } from './types.ts';

/** When a person last asked for somebody, epoch milliseconds; null when the console knows of none. */
export function calcLastAlarmAt(incidents: Iterable<Incident>): number | null {
  let last: number | null = null;
  for (const incident of incidents) {
    if (isTechnical(incident) || incident.priority > 3) continue;
    const openedAt = Date.parse(incident.openedAt);
    if (last === null || openedAt > last) last = openedAt;
  }
  return last;
}
