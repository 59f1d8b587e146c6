import type { StoredEntry } from '../incidents/commit-script.ts';
import { queryRows, type Queryable } from '../store/postgres.ts';
import { checkKeptRows, type KeptRow, type KeptSaying } from './check-kept.ts';
import type { ChainFault } from './check-links.ts';
import {
  checkIncidentRows,
  checkLogRows,
  checkMinuteRows,
  checkNewest,
  idOfIncident,
  type ChainSaying,
  type IncidentColumns,
  type IncidentRow,
  type LogRow,
  type MinuteRow,
} from './check-rows.ts';
import { parseObject } from './log-line.ts';
import { calcWordsHash } from './plan-projection.ts';
import { checkErasures, loadRemovalSayings, readRemovals } from './removals.ts';

const ACTION = 'verify the tables';

type LinkRow = { readonly seq: number; readonly entry: string };

/**
 * A piece of the chain, or one case with the alarms that its lines name. Numbers as PostgreSQL has them: what was put in
 * far before the first entry or behind the last belongs to the first piece and to the last.
 */
export type Part =
  | { readonly from: string; readonly to: string; readonly isEnd: boolean }
  | { readonly incidentId: string; readonly eventIds: readonly string[] };

/** The rows that stand for these entries, and rows of the same part that stand for none. @throws StoreError */
export async function checkTables(db: Queryable, links: readonly LinkRow[], part: Part): Promise<ChainFault[]> {
  // By what the entry says itself: the column beside it is not hashed.
  const sayings = links.map(({ seq, entry }): ChainSaying => ({ seq, said: { ...parseObject(entry) } }));
  const told = (kind: string): ChainSaying[] => sayings.filter(({ said }) => said['kind'] === kind);
  const steps = told('step').filter(({ said }) => typeof said['entry'] === 'object' && said['entry'] !== null);
  const frames = new Map(told('event').map(sayFrame));
  const words = new Map(steps.flatMap(sayWords));
  const rows = await loadRows(db, part, [...words.keys()]);
  const removed = await loadRemovalSayings(db);
  const removals = readRemovals(removed);
  const minutesBefore = removals.beforeMs.get('gateway_minutes') ?? Number.NEGATIVE_INFINITY;
  const isCase = 'incidentId' in part;
  return [
    ...checkLogRows(steps, rows.lines),
    ...checkIncidentRows(steps, rows.incidents),
    ...checkNewest(steps, await loadVersions(db, steps)),
    ...checkMinuteRows(told('minute'), rows.minutes, minutesBefore),
    ...checkKeptRows('events', frames, rows.frames, removals),
    ...checkKeptRows('personal_texts', words, rows.words, removals),
    ...(isCase || part.isEnd ? await checkErasures(db, removed, isCase ? part.incidentId : null) : []),
  ];
}

function sayFrame({ seq, said }: ChainSaying): [id: string, KeptSaying] {
  const { eventId, incidentId, deviceId, hash, at } = said;
  const place = { incidentId: textOrNull(incidentId), deviceId: textOrNull(deviceId) };
  return [String(eventId), { seq, ...place, atMs: Date.parse(String(at)), hash: String(hash), isMissing: false }];
}

function sayWords({ seq, said }: ChainSaying): [ref: string, KeptSaying][] {
  const entry = said['entry'] as StoredEntry;
  if (typeof entry.ref !== 'string') return [];
  const hash = calcWordsHash(entry, String(said['position']));
  const isMissing = said['words'] === 'missing';
  return [[entry.ref, { seq, incidentId: entry.incidentId, atMs: entry.at, hash, isMissing }]];
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

async function loadRows(db: Queryable, part: Part, refs: readonly string[]) {
  const isCase = 'incidentId' in part;
  const read = <Row>(sql: string, ofCase: string, more: readonly unknown[] = []) =>
    queryRows<Row>(
      db,
      ACTION,
      `${sql} where ${isCase ? ofCase : 'audit_seq >= $1 and audit_seq <= $2'}`,
      isCase ? [part.incidentId, ...more] : [part.from, part.to],
    );
  return {
    lines: await read<LogRow>(
      `select audit_seq::float8 as seq, position, incident_id as "incidentId", ${ms('at')} as "atMs", type, actor, ref,
         entry, entry_hash as "entryHash" from incident_log`,
      'incident_id = $1',
    ),
    incidents: (
      await read<IncidentColumns & Omit<IncidentRow, 'columns'>>(
        `select audit_seq::float8 as seq, id, version, state, type, priority, region, home_id as "homeId",
           resident_id as "residentId", device_id as "deviceId", candidates, ${ms('opened_at')} as "openedAt",
           ${ms('closed_at')} as "closedAt", record from incidents`,
        'id = $1',
      )
    ).map(({ seq, id, version, record, ...columns }): IncidentRow => ({ seq, id, version, record, columns })),
    minutes: isCase
      ? []
      : await read<MinuteRow>(
          `select audit_seq::float8 as seq, gateway_id as "gatewayId", ${ms('minute')} as "minuteMs", up_s as "upS",
             is_degraded as degraded, lateness_ms as "latenessMs", faults from gateway_minutes`,
          'false',
        ),
    frames: await read<KeptRow>(
      `select audit_seq::float8 as seq, id, incident_id as "incidentId", device_id as "deviceId",
         ${ms('received_at')} as "atMs", body as text, salt, hash, erased_why as why from events`,
      '(incident_id = $1 or id = any($2))',
      [isCase ? part.eventIds : []],
    ),
    words: await read<KeptRow>(
      `select audit_seq::float8 as seq, ref as id, incident_id as "incidentId", ${ms('at')} as "atMs", said as text, salt,
         hash, erased_why as why from personal_texts`,
      '(incident_id = $1 or ref = any($2))',
      [refs],
    ),
  };
}

/** Epoch milliseconds of a column, with what is below a millisecond. */
function ms(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::float8`;
}

async function loadVersions(db: Queryable, steps: readonly ChainSaying[]) {
  const ids = new Set(steps.map(({ said }) => idOfIncident(said)));
  return queryRows<{ id: string; version: number; seq: number }>(
    db,
    ACTION,
    'select id, version, audit_seq::float8 as seq from incidents where id = any($1)',
    [[...ids]],
  );
}
