import { encodeTime } from 'ulid';
import type { Pool } from 'pg';
import { formatIso } from '../clock.ts';
import type { DecidedAlarm, Erasable, KnownCase, OtherMemory } from '../incidents/degraded/other-memory.ts';
import { queryRows } from '../store/postgres.ts';
import { movedIn, toWholeCase, type LineRow } from './whole-case.ts';

const ACTION = 'remember for redis';
/** Rows of one page; chosen. */
const PAGE = 500;
const ALARM = `id, incident_id as "incidentId", (extract(epoch from received_at) * 1000)::float8 as "receivedAt",
  body as json`;
/** The time of a ULID, before its chance. */
const ULID_TIME = 10;

/** What the tables know, for a Redis that lost data. Everything @throws StoreError */
export function createRemembered(pool: Pool): OtherMemory {
  const run = <Row>(sql: string, values: readonly unknown[]) => queryRows<Row>(pool, ACTION, sql, values);

  return {
    open: () =>
      pages<KnownCase & { priority: number }>((last) =>
        run(
          `select id, version, priority from incidents
           where state <> 'resolved' and (priority, id) > ($1, $2) order by priority, id limit ${PAGE}`,
          [last?.priority ?? 0, last?.id ?? ''],
        ),
      ),
    closed: (sinceMs) =>
      pages<KnownCase & { at: string }>((last) =>
        run(
          `select id, version, closed_at::text as at from incidents
           where state = 'resolved' and closed_at >= $1 and (closed_at, id) > ($2, $3)
           order by closed_at, id limit ${PAGE}`,
          [formatIso(sinceMs), last?.at ?? '-infinity', last?.id ?? ''],
        ),
      ),
    find: (ids) => run<KnownCase>('select id, version from incidents where id = any($1)', [ids]),
    load: async (ids) => {
      const cases = await run<{ id: string; record: string; seq: string }>(
        'select id, record, audit_seq as seq from incidents where id = any($1)',
        [ids],
      );
      const lines = await run<LineRow>(
        `select log.incident_id as "incidentId", log.audit_seq as seq, position, entry, log.ref, said, salt
         from incident_log as log left join personal_texts as texts using (ref)
         where log.incident_id = any($1) order by log.audit_seq`,
        [ids],
      );
      const linesOf = Map.groupBy(lines, ({ incidentId }) => incidentId);
      const moved = lines.flatMap(({ entry }) => movedIn(entry));
      const events = await run<DecidedAlarm>(
        `select ${ALARM} from events where incident_id = any($1) or id = any($2) order by id`,
        [ids, moved],
      );
      return cases.map(({ id, record, seq }) => toWholeCase(id, record, Number(seq), linesOf.get(id) ?? [], events));
    },
    decided: async function* (sinceMs) {
      // An id begins with its time, so its order finds the place to begin.
      const from = encodeTime(Math.max(0, Math.floor(sinceMs)), ULID_TIME);
      yield* pages<DecidedAlarm>((last) =>
        run(
          `select ${ALARM}
           from events where id > $1 order by id limit ${PAGE}`,
          [last?.id ?? from],
        ),
      );
      yield* pages<DecidedAlarm & { seq: string }>((last) =>
        run(
          `select entry::json -> 'data' ->> 'alarmId' as id, incident_id as "incidentId", audit_seq as seq,
             (extract(epoch from at) * 1000)::float8 as "receivedAt", null as json
           from incident_log where type = 'repeated' and at >= $1 and audit_seq > $2 order by audit_seq limit ${PAGE}`,
          [formatIso(sinceMs), last?.seq ?? 0],
        ),
      );
    },
    lastErasure: async () => {
      const [row] = await run<{ id: string }>('select coalesce(max(id), 0)::text as id from erasures', []);
      return row?.id ?? '0';
    },
    erasedOf: async ({ refs, eventIds }): Promise<Erasable> => {
      // Words that had gone from Redis before they were read were not erased.
      const texts = await run<{ id: string }>(
        `select ref as id from personal_texts where ref = any($1) and said is null and erased_why <> 'missing'`,
        [refs],
      );
      const events = await run<{ id: string }>('select id from events where id = any($1) and body is null', [eventIds]);
      return { refs: texts.map(({ id }) => id), eventIds: events.map(({ id }) => id) };
    },
  };
}

/** Pages, each asked for behind the last row of the one before. */
async function* pages<Row>(load: (last: Row | null) => Promise<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  for (let last: Row | null = null; ;) {
    const rows: readonly Row[] = await load(last);
    if (rows.length > 0) yield rows;
    last = rows.at(-1) ?? null;
    if (rows.length < PAGE) return;
  }
}
