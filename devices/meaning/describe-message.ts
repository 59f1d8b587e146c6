import type { AlarmMessage } from '../event.ts';
import type { Standing } from '../standing.ts';
import type { ReceiverMeaning } from './receiver-meaning.ts';

/** What a frame came to, in codes of ours alone: `alarm sos`, `restored smoke, unverified`, `alarm unknown, faults not-json`. */
export function describeMessage({ kind, type, faults }: AlarmMessage, standing: Standing): string {
  return [
    `${kind} ${type}`,
    ...(standing === 'verified' ? [] : [standing]),
    ...(faults.length === 0 ? [] : [`faults ${[...new Set(faults.map(({ code }) => code))].join(' ')}`]),
  ].join(', ');
}

/** What an event that a receiver heard came to: as above, `status 1401 01 002` or `heartbeat`. */
export function describeMeaning(meaning: ReceiverMeaning, standing: Standing): string {
  if (meaning.kind === 'alarm') return describeMessage(meaning.message, standing);
  return meaning.kind === 'status' ? `status ${meaning.code}` : meaning.kind;
}
