import type { Lane } from '../../devices/alarm-types.ts';
import type { AlarmFacts } from './facts.ts';
import type { OpenIncident } from './record.ts';

type MergeRow = {
  readonly name: string;
  /** Alarms that this row is about. */
  readonly lanes: readonly Lane[];
  /** Whether the alarm joins this open incident of its subject. */
  readonly joins: (alarm: AlarmFacts, open: OpenIncident) => boolean;
};

/**
 * What joins what, first matching row wins (design §4 Merging). An emergency never joins a service, technical, test or
 * drill case; whatever no row takes opens an incident of its own.
 */
export const MERGE_TABLE = [
  {
    name: 'an emergency joins the open emergency of the same person, else of the same device',
    lanes: ['emergency'],
    joins: (_alarm, open) => open.lane === 'emergency' && !open.flags.includes('drill'),
  },
  {
    name: 'a technical alarm joins the open one of the same device and type',
    lanes: ['technical'],
    joins: (alarm, open) => open.lane === 'technical' && open.type === alarm.type && open.deviceId === alarm.deviceId,
  },
  {
    name: 'everything else opens',
    lanes: ['emergency', 'service', 'technical', 'test'],
    joins: () => false,
  },
] as const satisfies readonly MergeRow[];

/**
 * The open incident of the subject that the alarm joins, or null when it opens one. With several the most urgent, then the
 * oldest.
 */
export function findMerge(alarm: AlarmFacts, openOfSubject: readonly OpenIncident[]): OpenIncident | null {
  const rows: readonly MergeRow[] = MERGE_TABLE;
  const inOrder = openOfSubject.toSorted((a, b) => a.priority - b.priority || a.openedAt - b.openedAt);
  for (const row of rows) {
    if (!row.lanes.includes(alarm.lane)) continue;
    const found = inOrder.find((open) => row.joins(alarm, open));
    if (found !== undefined) return found;
  }
  return null;
}
