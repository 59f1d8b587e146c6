import type { Redis } from 'ioredis';
import { formatIso } from '../clock.ts';
import { INCIDENT_KEYS } from '../incidents/keys.ts';
import { queryRows, type Queryable } from '../store/postgres.ts';
import type { StreamTaker } from './follow-stream.ts';
import { alarmIdsOf, readLogLine, type LogLine } from './log-line.ts';
import { calcClosedAtMs, planProjection, type Projection } from './plan-projection.ts';
import { loadKeyTexts } from './stream-page.ts';

const ACTION = 'keep the incident log';

/** Carries lines of the incident log, and what lies beside them, into the tables and the chain. */
export function createLogTaker(redis: Redis, newSalt: () => string): StreamTaker {
  return {
    stream: INCIDENT_KEYS.log,
    prepare: async (entries) => {
      const lines = entries.map(readLogLine);
      const eventIds = [...new Set(lines.flatMap(({ entry }) => alarmIdsOf(entry)))];
      const refs = lines.flatMap(({ entry }) => (entry.ref === undefined ? [] : [entry.ref]));
      const eventTexts = await loadKeyTexts(
        redis,
        eventIds.map((id) => INCIDENT_KEYS.event(id)),
      );
      const saidTexts = await loadKeyTexts(
        redis,
        refs.map((ref) => INCIDENT_KEYS.personal(ref)),
      );
      const beside = {
        events: new Map(eventIds.map((id, n) => [id, eventTexts[n] ?? null])),
        personal: new Map(refs.map((ref, n) => [ref, saidTexts[n] ?? null])),
      };
      return async (db, chain) => {
        const fresh = await listFresh(db, lines);
        const known = await listKnownEvents(db, eventIds);
        const projection = planProjection(fresh, beside, known, newSalt);
        const seqs = await chain.append(projection.entries.map(({ audit }) => audit));
        await insertLines(db, projection, seqs);
        await insertEvents(db, projection, seqs);
        await insertPersonal(db, projection, seqs);
        await saveIncidents(db, projection, seqs);
      };
    },
  };
}

/** Those that no earlier reading kept; of two equal ones in a page the first. */
async function listFresh(db: Queryable, lines: readonly LogLine[]): Promise<LogLine[]> {
  const rows = await queryRows<{ position: string; hash: Buffer }>(
    db,
    ACTION,
    `select position, entry_hash as hash from incident_log
     where (position, entry_hash) in (select * from unnest($1::text[], $2::bytea[]))`,
    [lines.map(({ position }) => position), lines.map(({ textHash }) => textHash)],
  );
  const known = new Set(rows.map(({ position, hash }) => `${position} ${hash.toString('hex')}`));
  return lines.filter(({ position, textHash }) => !known.has(`${position} ${textHash.toString('hex')}`));
}

async function listKnownEvents(db: Queryable, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await queryRows<{ id: string }>(db, ACTION, 'select id from events where id = any($1)', [ids]);
  return new Set(rows.map(({ id }) => id));
}

async function insertLines(db: Queryable, { entries }: Projection, seqs: readonly number[]): Promise<void> {
  const rows = entries.flatMap(({ line }, n) => (line === undefined ? [] : [{ ...line, seq: seqs[n] ?? 0 }]));
  await queryRows(
    db,
    ACTION,
    `insert into incident_log (audit_seq, position, entry_hash, incident_id, at, type, actor, ref, entry)
     select * from unnest($1::bigint[], $2::text[], $3::bytea[], $4::text[], $5::timestamptz[], $6::text[], $7::text[],
       $8::text[], $9::text[])`,
    [
      rows.map(({ seq }) => seq),
      rows.map(({ position }) => position),
      rows.map(({ textHash }) => textHash),
      rows.map(({ entry }) => entry.incidentId),
      rows.map(({ entry }) => formatIso(entry.at)),
      rows.map(({ entry }) => entry.type),
      rows.map(({ entry }) => entry.actor),
      rows.map(({ entry }) => entry.ref ?? null),
      rows.map(({ text }) => text),
    ],
  );
}

async function insertEvents(db: Queryable, { entries }: Projection, seqs: readonly number[]): Promise<void> {
  const rows = entries.flatMap(({ event }, n) => (event === undefined ? [] : [{ ...event, seq: seqs[n] ?? 0 }]));
  if (rows.length === 0) return;
  await queryRows(
    db,
    ACTION,
    `insert into events (id, incident_id, device_id, resident_id, received_at, body, salt, hash, audit_seq)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[],
       $8::text[], $9::bigint[])`,
    [
      rows.map(({ event }) => event.id),
      rows.map(({ incidentId }) => incidentId),
      rows.map(({ event }) => event.deviceId),
      rows.map(({ residentId }) => residentId),
      rows.map(({ event }) => formatIso(event.receivedAt)),
      rows.map(({ body }) => body),
      rows.map(({ salt }) => salt),
      rows.map(({ hash }) => hash),
      rows.map(({ seq }) => seq),
    ],
  );
}

async function insertPersonal(db: Queryable, projection: Projection, seqs: readonly number[]): Promise<void> {
  const seqOf = calcSeqs(projection, seqs);
  const rows = projection.personal.map((row) => ({ ...row, seq: seqOf.get(row.line) ?? 0 }));
  if (rows.length === 0) return;
  await queryRows(
    db,
    ACTION,
    `insert into personal_texts (ref, incident_id, at, hash, said, salt, audit_seq, erased_at, erased_why)
     select ref, incident_id, at, hash, said, salt, audit_seq, case when said is null then now() end,
       case when said is null then 'missing' end
     from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::bigint[])
       as row (ref, incident_id, at, hash, said, salt, audit_seq)
     on conflict (ref) do nothing`,
    [
      rows.map(({ ref }) => ref),
      rows.map(({ incidentId }) => incidentId),
      rows.map(({ atMs }) => formatIso(atMs)),
      rows.map(({ hash }) => hash),
      rows.map(({ kept }) => kept?.said ?? null),
      rows.map(({ kept }) => kept?.salt ?? null),
      rows.map(({ seq }) => seq),
    ],
  );
}

/** The higher version wins, also over what another life of Redis told. */
async function saveIncidents(db: Queryable, projection: Projection, seqs: readonly number[]): Promise<void> {
  const seqOf = calcSeqs(projection, seqs);
  for (const { record, text, line } of projection.incidents) {
    const closedAtMs = calcClosedAtMs(record);
    await queryRows(
      db,
      ACTION,
      `insert into incidents (id, version, state, type, priority, region, home_id, resident_id, device_id, candidates,
         opened_at, closed_at, record, audit_seq)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
       on conflict (id) do update set version = excluded.version, state = excluded.state, type = excluded.type,
         priority = excluded.priority, region = excluded.region, home_id = excluded.home_id,
         resident_id = excluded.resident_id, device_id = excluded.device_id, candidates = excluded.candidates,
         opened_at = excluded.opened_at, closed_at = excluded.closed_at, record = excluded.record,
         audit_seq = excluded.audit_seq
       where incidents.version < excluded.version`,
      [
        record.id,
        record.version,
        record.state,
        record.type,
        record.priority,
        record.region,
        record.homeId,
        record.residentId,
        record.deviceId,
        record.candidates,
        formatIso(record.openedAt),
        closedAtMs === null ? null : formatIso(closedAtMs),
        text,
        seqOf.get(line) ?? 0,
      ],
    );
  }
}

/** The number of each line's entry. */
function calcSeqs({ entries }: Projection, seqs: readonly number[]): ReadonlyMap<LogLine | undefined, number> {
  return new Map(entries.map(({ line }, n) => [line, seqs[n] ?? 0]));
}
