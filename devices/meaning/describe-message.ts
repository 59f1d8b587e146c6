import type { AlarmMessage } from '../event.ts';
import type { Standing } from '../standing.ts';

/** What a frame came to, in codes of ours alone: `alarm sos`, `restored smoke, unverified`, `alarm unknown, faults not-json`. */
export function describeMessage({ kind, type, faults }: AlarmMessage, standing: Standing): string {
  return [
    `${kind} ${type}`,
    ...(standing === 'verified' ? [] : [standing]),
    ...(faults.length === 0 ? [] : [`faults ${[...new Set(faults.map(({ code }) => code))].join(' ')}`]),
  ].join(', ');
}
