import type { StoredEntry } from '../incidents/commit-script.ts';
import type { DecidedAlarm, WholeCase } from '../incidents/degraded/other-memory.ts';
import { calcMoves } from './moves.ts';

/** A line of a case with its words, where it has some that were not erased. */
export type LineRow = {
  readonly incidentId: string;
  readonly seq: string;
  readonly position: string;
  readonly entry: string;
  readonly ref: string | null;
  readonly said: string | null;
  readonly salt: string | null;
};

/**
 * A case in the form in which Redis had it, from its rows: lines in the order of the chain, events of it and of others in
 * the order of coming. `seq` is the place of the line that brought its record. Pure.
 */
export function toWholeCase(
  id: string,
  record: string,
  seq: number,
  lines: readonly LineRow[],
  events: readonly DecidedAlarm[],
): WholeCase {
  const entries = lines.map(({ entry }) => JSON.parse(entry) as StoredEntry);
  const { came, went } = calcMoves(id, entries);
  const firstSeqs = new Map<string, number>();
  for (const [n, { type, data }] of entries.entries()) {
    const { alarmId } = data;
    const isPress = (type === 'opened' || type === 'joined') && typeof alarmId === 'string';
    if (isPress && !firstSeqs.has(alarmId)) firstSeqs.set(alarmId, Number(lines[n]?.seq));
  }
  const alarms = events.filter(
    (event) => (event.incidentId === id && !went.includes(event.id)) || came.includes(event.id),
  );
  return {
    record,
    lines: lines.map(({ position, entry }) => `${position}\n${entry}`),
    alarms: alarms.map(({ id: alarmId, receivedAt, json }) => ({ id: alarmId, receivedAt, json })),
    unheard: alarms.map((event) => event.id).filter((alarmId) => (firstSeqs.get(alarmId) ?? 0) > seq),
    texts: lines.flatMap(({ ref, said, salt }) =>
      ref === null || said === null ? [] : [{ ref, json: `{"salt":${JSON.stringify(salt)},"said":${said}}` }],
    ),
  };
}

/** Ids of alarms that a line moves from case to case. */
export function movedIn(entry: string): string[] {
  const { from, to, alarmIds } = (JSON.parse(entry) as StoredEntry).data;
  if (typeof from !== 'string' || typeof to !== 'string' || !Array.isArray(alarmIds)) return [];
  return alarmIds.filter((id) => typeof id === 'string');
}
