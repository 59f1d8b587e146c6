import type { Incident } from '../../gateway/api/contract/incident.ts';
import { isTechnical, specOf } from './types.ts';

export type Queues = {
  /** About people, most urgent first. */
  readonly people: readonly Incident[];
  readonly technical: readonly Incident[];
  /** Closed since this console was opened, last one first. */
  readonly closed: readonly Incident[];
};

/** Splits and orders what the console holds; pure. */
export function sortQueues(incidents: Iterable<Incident>): Queues {
  const people: Incident[] = [];
  const technical: Incident[] = [];
  const closed: Incident[] = [];
  for (const incident of incidents) {
    if (incident.state === 'resolved') closed.push(incident);
    else (isTechnical(incident) ? technical : people).push(incident);
  }
  return {
    people: people.toSorted(compareUrgency),
    technical: technical.toSorted(compareUrgency),
    closed: closed.toSorted((a, b) => compareText(b.updatedAt, a.updatedAt) || compareText(a.id, b.id)),
  };
}

/**
 * Priority; in priority 1 second press, fall, smoke first; an unproven sender after proven ones; then age, oldest first
 * (design §4 Priority, §7 Quarantine). A total order, so that rows never swap places for no reason.
 */
export function compareUrgency(a: Incident, b: Incident): number {
  return (
    a.priority - b.priority ||
    calcRank(a) - calcRank(b) ||
    compareText(a.openedAt, b.openedAt) ||
    compareText(a.id, b.id)
  );
}

function calcRank(incident: Incident): number {
  const isUnproven = incident.flags.some(
    (flag) => flag === 'unregistered' || flag === 'unverified' || flag === 'retired',
  );
  if (isUnproven) return 2;
  if (incident.priority !== 1) return 1;
  return incident.presses > 1 || specOf(incident.type).isForemost ? 0 : 1;
}

/** Times of one form (ISO 8601 UTC with ms) compare as text. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
