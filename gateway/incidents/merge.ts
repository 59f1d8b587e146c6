import type { Lane } from '../../devices/alarm-types.ts';
import type { AlarmFacts } from './facts.ts';
import type { OpenIncident } from './record.ts';

const MINUTE_MS = 60_000;

/** The green key pressed again so soon asks for the same thing; later it asks for another. Chosen; design §4 is silent. */
export const SAME_REQUEST_MS = 10 * MINUTE_MS;

type MergeRow = {
  readonly name: string;
  /** Alarms that this row is about. */
  readonly lanes: readonly Lane[];
  /** Whether the alarm, received at `atMs`, joins this open incident of its subject. */
  readonly joins: (alarm: AlarmFacts, open: OpenIncident, atMs: number) => boolean;
};

/**
 * What joins what, first matching row wins (design §4 Merging). The subject has told already that it is the same person, else
 * the same device, else the same code of a gateway; and unproven senders never meet proven ones there. Whatever no row takes
 * opens an incident of its own.
 */
export const MERGE_TABLE = [
  {
    name: 'a drill joins a drill and nothing else does',
    lanes: ['emergency', 'service'],
    joins: (alarm, open) => isDrill(alarm) && isDrill(open) && open.lane === alarm.lane,
  },
  {
    name: 'an emergency joins the open emergency',
    lanes: ['emergency'],
    joins: (alarm, open) => open.lane === 'emergency' && !isDrill(alarm) && !isDrill(open),
  },
  {
    name: 'a service request joins the open one while it is fresh',
    lanes: ['service'],
    joins: (alarm, open, atMs) =>
      open.lane === 'service' && !isDrill(alarm) && !isDrill(open) && atMs - open.openedAt <= SAME_REQUEST_MS,
  },
  {
    name: 'a technical alarm joins the open one of its type',
    lanes: ['technical'],
    joins: (alarm, open) => open.lane === 'technical' && open.type === alarm.type && open.deviceId === alarm.deviceId,
  },
  {
    name: 'everything else opens',
    lanes: ['emergency', 'service', 'technical', 'test'],
    joins: () => false,
  },
] as const satisfies readonly MergeRow[];

function isDrill({ flags }: Pick<AlarmFacts, 'flags'>): boolean {
  return flags.includes('drill');
}

/** The most urgent first, then the oldest. */
export function compareUrgency(a: OpenIncident, b: OpenIncident): number {
  return a.priority - b.priority || a.openedAt - b.openedAt;
}

/**
 * The open incident of the subject that the alarm joins, or null when it opens one. With several the most urgent, then the
 * oldest.
 */
export function findMerge(
  alarm: AlarmFacts,
  openOfSubject: readonly OpenIncident[],
  atMs: number,
): OpenIncident | null {
  const rows: readonly MergeRow[] = MERGE_TABLE;
  const inOrder = openOfSubject.toSorted(compareUrgency);
  for (const row of rows) {
    if (!row.lanes.includes(alarm.lane)) continue;
    const found = inOrder.find((open) => row.joins(alarm, open, atMs));
    if (found !== undefined) return found;
  }
  return null;
}
