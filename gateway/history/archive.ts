import type { Pool } from 'pg';
import type { AlarmEvent } from '../../devices/event.ts';
import { formatIso } from '../clock.ts';
import type { StoredEntry } from '../incidents/commit-script.ts';
import type { LoadKept } from '../incidents/list.ts';
import type { IncidentRecord } from '../incidents/record.ts';
import type { LoadPersonCases } from '../incidents/person-list.ts';
import { SHOWN_ALARMS, SHOWN_ENTRIES, type HydratedEntry } from '../incidents/store.ts';
import { queryRows } from '../store/postgres.ts';
import { buildListQuery } from './list-query.ts';
import { loadMoves } from './load-moves.ts';

const ACTION = 'read the history';

/** Incidents as Postgres keeps them, after Redis let them go too. Every method @throws StoreError. */
export type Archive = {
  readonly loadIncidents: (ids: readonly string[]) => Promise<IncidentRecord[]>;
  /** Their alarms in order, the first and the last of very many; one whose frame was erased is left out. */
  readonly loadEvents: (incidentId: string) => Promise<AlarmEvent[]>;
  /** Its lines in order, the first and the last of very many with a line `omitted` between. */
  readonly loadEntries: (incidentId: string) => Promise<HydratedEntry[]>;
  /** Of all there are the first in order after a cursor, for lists. */
  readonly loadKept: LoadKept;
  /** Of one person's. */
  readonly loadPersonCases: LoadPersonCases;
};

type LineRow = { position: string; entry: string; said: string | null; why: string | null };

export function createArchive(pool: Pool): Archive {
  return {
    loadIncidents: async (ids) => {
      const rows = await queryRows<{ id: string; record: string }>(
        pool,
        ACTION,
        'select id, record from incidents where id = any($1)',
        [ids],
      );
      const byId = new Map(rows.map(({ id, record }) => [id, JSON.parse(record) as IncidentRecord]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
    loadEvents: async (incidentId) => {
      const { came, went } = await loadMoves(pool, incidentId);
      const rows = await queryRows<{ body: string }>(
        pool,
        ACTION,
        `select body from (
           select body, row_number() over (order by id) as n, count(*) over () as total
           from events where (incident_id = $1 and id <> all($4) or id = any($5)) and body is not null) as ranked
         where n <= $2 or n > total - $3 order by n`,
        [incidentId, SHOWN_ALARMS.first, SHOWN_ALARMS.last, went, came],
      );
      return rows.map(({ body }) => JSON.parse(body) as AlarmEvent);
    },
    loadEntries: async (incidentId) => {
      const rows = await queryRows<LineRow & { n: string; total: string }>(
        pool,
        ACTION,
        `select n, total, position, entry, said, erased_why as why from (
           select log.*, row_number() over (order by audit_seq) as n, count(*) over () as total
           from incident_log as log where incident_id = $1) as ranked
         left join personal_texts using (ref)
         where n <= $2 or n > total - $3 - 1 order by n`,
        [incidentId, SHOWN_ENTRIES.first, SHOWN_ENTRIES.last],
      );
      const total = Number(rows[0]?.total ?? 0);
      const omitted = total - SHOWN_ENTRIES.first - SHOWN_ENTRIES.last;
      // The last line that is left out gives the gap its place and time.
      return rows.map((row) =>
        omitted > 0 && Number(row.n) === SHOWN_ENTRIES.first + omitted ? gapLine(row, omitted) : readLine(row),
      );
    },
    loadKept: async (query, after, count) => {
      const { text, values } = buildListQuery(query, after, count);
      const rows = await queryRows<{ record: string }>(pool, ACTION, text, values);
      return rows.map(({ record }) => JSON.parse(record) as IncidentRecord);
    },
    loadPersonCases: async ({ residentId, fromMs, toMs }, after, count) => {
      const [at, id] = after === null ? [null, null] : [formatIso(after.openedAt), after.id];
      const rows = await queryRows<{ record: string }>(pool, ACTION, PERSON_CASES, [
        ...[residentId, formatIso(fromMs), formatIso(toMs), at, id, count],
      ]);
      return rows.map(({ record }) => JSON.parse(record) as IncidentRecord);
    },
  };
}

/** By the indexes of residents and of candidates: few rows, so that they are put in order as they are. */
const PERSON_CASES = `
  select record from incidents
  where (resident_id = $1 or (resident_id is null and candidates @> array[$1])) and opened_at >= $2 and opened_at < $3
    and ($4::timestamptz is null or (opened_at, id collate "C") < ($4, $5::text))
  order by opened_at desc, id collate "C" desc limit $6`;

function readLine({ position, entry, said, why }: LineRow): HydratedEntry {
  const stored = JSON.parse(entry) as StoredEntry;
  if (stored.ref === undefined) return { ...stored, id: position, said: {} };
  if (said === null) return { ...stored, id: position, said: { erased: true, ...(why === null ? {} : { why }) } };
  return { ...stored, id: position, said: JSON.parse(said) as HydratedEntry['said'] };
}

function gapLine({ position, entry }: LineRow, omitted: number): HydratedEntry {
  const { incidentId, at } = JSON.parse(entry) as StoredEntry;
  return { id: position, incidentId, at, type: 'omitted', actor: 'system', data: { entries: omitted }, said: {} };
}
