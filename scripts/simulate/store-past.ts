import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { listPastVitals, type PastMessage } from '../../devices/simulator/past-vitals.ts';
import { createWearer } from '../../devices/simulator/plausible-vitals.ts';
import type { Observation } from '../../gateway/telemetry/observation.ts';
import { closeHours } from '../../gateway/telemetry/observations/close-hours.ts';
import { prepareObservations } from '../../gateway/telemetry/observations/prepare.ts';
import { calcKeptFrom, KEPT } from '../../gateway/telemetry/observations/retention.ts';
import { createWriterTable } from '../../gateway/telemetry/observations/writer-table.ts';
import { connectWriter } from '../../gateway/telemetry/vitals/connection.ts';
import { encodeCopy } from '../../gateway/telemetry/vitals/copy-rows.ts';
import { createPool } from '../../gateway/store/postgres.ts';
import { cutAtDays, type Stretch } from './plan-past.ts';

export type Wearing = { readonly deviceId: string; readonly residentId: string; readonly metrics: readonly string[] };

const NAME = 'zhuji past';
/** Days of many people take their time. Chosen. */
const STATEMENT_MS = 2 * 60_000;
/** Of one COPY. Chosen. */
const MOST_ROWS = 20_000;

/**
 * Gives people a past that no device was there to send: readings by the day, by binary COPY as the lane does it, and hours that
 * are closed (on TimescaleDB its own job does that within minutes). Whoever has readings from before the last day keeps those
 * and gets none. Answers how many rows were stored.
 */
export async function storePast(options: {
  readonly databaseUrl: string;
  readonly wearings: readonly Wearing[];
  readonly past: readonly Stretch[];
  readonly nowMs: number;
  /** How long the gateway keeps them. */
  readonly readingsDays?: number;
  readonly random: () => number;
  readonly logger: Logger;
}): Promise<number> {
  const { databaseUrl, nowMs, readingsDays = KEPT.readingsDays, logger } = options;
  const pool = createPool({ databaseUrl, applicationName: NAME, logger, statementTimeoutMs: STATEMENT_MS });
  try {
    const { kind } = await prepareObservations(pool);
    const wearings = await leaveOutThosePast(pool, options.wearings, nowMs);
    if (wearings.length === 0) return 0;
    const rows = await copyDays({ ...options, wearings, readingsDays });
    const keptFromMs = calcKeptFrom(nowMs, readingsDays);
    if (kind === 'native') await closeHours({ pool, nowMs, keptFromMs, getsOn: () => undefined });
    return rows;
  } finally {
    await pool.end();
  }
}

async function leaveOutThosePast(pool: Pool, wearings: readonly Wearing[], nowMs: number): Promise<Wearing[]> {
  const { rows } = await pool.query<{ id: string }>(
    'select id from unnest($1::text[]) as id where exists (select from observations where device_id = id and ts < $2)',
    [wearings.map(({ deviceId }) => deviceId), new Date(nowMs - 86_400_000)],
  );
  return wearings.filter(({ deviceId }) => !rows.some(({ id }) => id === deviceId));
}

async function copyDays(options: Parameters<typeof storePast>[0] & { readonly readingsDays: number }): Promise<number> {
  const { databaseUrl, wearings, past, nowMs, readingsDays, random } = options;
  const table = createWriterTable({ readingsDays, nowMs: () => nowMs });
  const connection = await connectWriter({ databaseUrl, applicationName: NAME, onBroken: () => undefined });
  const people = wearings.map((wearing) => ({ wearing, wearer: createWearer(past[0]?.fromMs ?? 0) }));
  let stored = 0;
  try {
    for (const day of cutAtDays(past)) {
      const rows: Observation[] = [];
      for (const person of people) {
        const lived = listPastVitals(person.wearer, person.wearing.metrics, day, random);
        person.wearer = lived.wearer;
        for (const message of lived.messages) rows.push(...toRows(person.wearing, message));
      }
      // As they would have come.
      rows.sort((a, b) => a.ts - b.ts);
      await table.ensureDays(connection, day.fromMs, day.toMs - 1);
      for (let at = 0; at < rows.length; at += MOST_ROWS) {
        const some = rows.slice(at, at + MOST_ROWS);
        await connection.query('begin');
        const kept = await table.beforeRows(connection, some);
        stored += await connection.copy(table.copy, encodeCopy(kept));
        await connection.query('commit');
      }
    }
    return stored;
  } finally {
    // Also ends what was begun.
    await connection.leave();
  }
}

function toRows({ deviceId, residentId }: Wearing, { atMs, readings }: PastMessage): Observation[] {
  const common = { deviceId, residentId, ts: atMs, receivedAt: atMs, flags: 0 };
  return readings.map(({ metric, value }) => ({ ...common, metric, value }));
}
