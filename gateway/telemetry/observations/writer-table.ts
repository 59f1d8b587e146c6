import { formatIso } from '../../clock.ts';
import type { Observation } from '../observation.ts';
import { calcPart, listParts, READINGS } from './days.ts';
import { ensureParts, makeParts } from './parts.ts';
import { calcKeptFrom, loadNow } from './retention.ts';
import { createErasedFilter } from './erased-filter.ts';
import { COLUMNS, loadTableKind, type TableKind } from './table.ts';
import { liftUnpackingLimit } from './where-kept.ts';
import type { ObservationsTable, WriterClient } from './writer-port.ts';

/** Days of one batch, seen from its oldest row: what a device may say, and room. Beyond it a gateway's clock was wrong. */
const MOST_DAYS = 62;
const HOUR_MS = 60 * 60 * 1000;

export type WriterTableOptions = {
  /** How long readings are kept. */
  readonly readingsDays: number;
  readonly nowMs: () => number;
};

/** What the writer of the lane does with the table; made in its thread. */
export function createWriterTable({ readingsDays, nowMs }: WriterTableOptions): ObservationsTable {
  let kind: TableKind | null = null;
  const leaveOutErased = createErasedFilter();
  /** Days that are there, by their beginning; retention drops them long after they have left this set. */
  const known = new Set<number>();

  const isNative = async (client: WriterClient): Promise<boolean> => {
    kind ??= await loadTableKind(client);
    return kind === 'native';
  };

  return {
    keptFrom: async (client, minTs) => {
      const keptFromMs = calcKeptFrom(nowMs(), readingsDays);
      return minTs >= keptFromMs ? keptFromMs : calcKeptFrom(await loadNow(client, nowMs()), readingsDays);
    },
    ensureDays: async (client, minTs, maxTs) => {
      if (!(await isNative(client))) return;
      // Days so far apart are made one by one, with the rows.
      const isWild = maxTs - minTs > MOST_DAYS * 24 * HOUR_MS;
      const days = isWild ? [] : listParts(READINGS, minTs, maxTs).filter(({ fromMs }) => !known.has(fromMs));
      if (days.length === 0) return;
      await ensureParts(client, READINGS, days);
      if (known.size > MOST_DAYS) known.clear();
      for (const { fromMs } of days) known.add(fromMs);
    },
    beforeRows: async (client, given) => {
      const rows = await leaveOutErased(client, given);
      if (rows.length === 0) return rows;
      if (!(await isNative(client))) {
        await liftUnpackingLimit(client);
        return rows;
      }
      const days = new Map(rows.map(({ ts }) => calcPart(READINGS, ts)).map((day) => [day.fromMs, day]));
      const missing = [...days.values()].filter(({ fromMs }) => !known.has(fromMs));
      // Not remembered: the transaction may come to nothing.
      if (missing.length > 0) await makeParts(client, READINGS, missing);
      await markDirty(client, rows);
      return rows;
    },
    copy: `copy observations (${COLUMNS}) from stdin (format binary)`,
    makeStaging: 'create temporary table if not exists observations_staging (like observations) on commit delete rows',
    copyStaging: `copy observations_staging (${COLUMNS}) from stdin (format binary)`,
    mergeStaging: `insert into observations (${COLUMNS}) select ${COLUMNS} from observations_staging on conflict do nothing`,
  };
}

/**
 * Hours that are closed, or about to be, and get readings all the same. The mark is held until the rows are committed: whoever
 * moves `closing` waits, and so misses none of them. Against that alone (key share): who moves `done` may hold the note of a late
 * hour that we wait for.
 */
async function markDirty(client: WriterClient, rows: readonly Observation[]): Promise<void> {
  const answer = await client.query(
    'select (extract(epoch from closing) * 1000)::float8 as "closingMs" from observations_mark for key share',
  );
  const [mark] = answer.rows as { closingMs: number }[];
  const late = rows.filter(({ ts }) => ts < (mark?.closingMs ?? -Infinity));
  if (late.length === 0) return;
  // In one order, so that two writers never wait for each other. A note that is there is written over: nobody takes it then
  // before these rows are committed.
  const hours = [...new Map(late.map((row) => [keyOf(row), row]))].toSorted(([a], [b]) => (a < b ? -1 : 1));
  await client.query(
    `insert into observations_dirty (device_id, metric, bucket)
     select * from unnest($1::text[], $2::text[], $3::timestamptz[])
     on conflict (device_id, metric, bucket) do update set bucket = excluded.bucket`,
    [
      hours.map(([, { deviceId }]) => deviceId),
      hours.map(([, { metric }]) => metric),
      hours.map(([, { ts }]) => formatIso(hourOf(ts))),
    ],
  );
}

function hourOf(ts: number): number {
  return Math.floor(ts / HOUR_MS) * HOUR_MS;
}

function keyOf({ deviceId, metric, ts }: Observation): string {
  return JSON.stringify([deviceId, metric, hourOf(ts)]);
}
