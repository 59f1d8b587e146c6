import type { Pool } from 'pg';
import type { AlarmEvent } from '../../devices/event.ts';
import type { CaseFile, CaseStep } from '../api/contract/history.ts';
import { formatIso } from '../clock.ts';
import type { StoredEntry } from '../incidents/commit-script.ts';
import type { IncidentRecord } from '../incidents/record.ts';
import { queryRows } from '../store/postgres.ts';
import { calcAnswer } from './case-answer.ts';
import { loadDeviceContacts } from './device-contacts.ts';
import { loadGatewayTimes } from './gateway-times.ts';
import { loadMoves } from './load-moves.ts';
import { verifyCase } from './verify-case.ts';

const ACTION = 'read a case';
const HOUR_MS = 3_600_000;
/** A stuck button makes thousands of lines; so many are shown. */
const SHOWN = 5000;

type LineRow = { seq: number; entry: string; said: string | null };
type EventRow = { id: string; deviceId: string | null; receivedAt: number; body: string | null };

/** Everything that is known of one case, from the tables alone; null where there is none. @throws StoreError */
export async function loadCaseFile(pool: Pool, incidentId: string, nowMs: number): Promise<CaseFile | null> {
  const read = <Row>(sql: string, values: readonly unknown[]) => queryRows<Row>(pool, ACTION, sql, values);
  const [found] = await read<{ record: string; closedAt: number | null }>(
    `select record, (extract(epoch from closed_at) * 1000)::float8 as "closedAt" from incidents where id = $1`,
    [incidentId],
  );
  if (found === undefined) return null;
  const record = JSON.parse(found.record) as IncidentRecord;
  const lines = await read<LineRow>(
    `select log.audit_seq::float8 as seq, entry, said from incident_log as log left join personal_texts using (ref)
     where log.incident_id = $1 order by log.audit_seq limit ${SHOWN + 1}`,
    [incidentId],
  );
  const { came, went } = await loadMoves(pool, incidentId);
  const events = await read<EventRow>(
    `select id, device_id as "deviceId", (extract(epoch from received_at) * 1000)::float8 as "receivedAt", body
     from events where (incident_id = $1 and id <> all($2)) or id = any($3) order by id limit ${SHOWN}`,
    [incidentId, went, came],
  );
  const [erased] = await read<{ at: number; by: string; ground: string }>(
    `select (extract(epoch from erased_at) * 1000)::float8 as at, by_actor as by, ground from erasures
     where $1 = any(incident_ids) order by id desc limit 1`,
    [incidentId],
  );
  const steps = lines.slice(0, SHOWN).map(viewStep);
  const span = { fromMs: record.openedAt - HOUR_MS, toMs: Math.min(nowMs, (found.closedAt ?? nowMs) + HOUR_MS) };
  const faults = await verifyCase(pool, incidentId);
  return {
    id: record.id,
    type: record.type,
    priority: record.priority,
    state: record.state,
    region: record.region,
    residentId: record.residentId,
    deviceId: record.deviceId,
    openedAt: formatIso(record.openedAt),
    closedAt: found.closedAt === null ? null : formatIso(found.closedAt),
    answer: calcAnswer(steps),
    alarms: events.map(viewAlarm),
    seen: steps.filter(({ type }) => type === 'seen' || type === 'shown'),
    notifications: steps.filter(({ type }) => type === 'notified' || type === 'step'),
    steps,
    isCut: lines.length > SHOWN,
    device: record.deviceId === null ? null : await loadDeviceContacts(pool, record.deviceId, span, nowMs),
    gateways: await loadGatewayTimes(pool, span, nowMs),
    erased: erased === undefined ? null : { ...erased, at: formatIso(erased.at) },
    chain: { ok: faults.faults.length === 0, checked: faults.checked, faults: faults.faults },
  };
}

function viewStep({ seq, entry, said }: LineRow): CaseStep {
  const { at, type, actor, data, ref } = JSON.parse(entry) as StoredEntry;
  const words = ref === undefined ? {} : said === null ? { erased: true } : (JSON.parse(said) as object);
  return { seq, at: formatIso(at), type, actor, data: { ...data, ...words } };
}

function viewAlarm({ id, deviceId, receivedAt, body }: EventRow): CaseFile['alarms'][number] {
  const event = body === null ? null : (JSON.parse(body) as AlarmEvent);
  return {
    id,
    deviceId,
    receivedAt: formatIso(receivedAt),
    kind: event?.message.kind ?? null,
    type: event?.message.type ?? null,
    standing: event?.standing ?? null,
    raw: event?.raw ?? null,
  };
}
