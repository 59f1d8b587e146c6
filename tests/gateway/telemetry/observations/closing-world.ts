import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { expect } from 'vitest';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { closeHours } from '../../../../gateway/telemetry/observations/close-hours.ts';
import { prepareObservations } from '../../../../gateway/telemetry/observations/prepare.ts';
import { calcKeptFrom } from '../../../../gateway/telemetry/observations/retention.ts';
import { HOUR_AGGREGATES, HOUR_COLUMNS, ORIGIN } from '../../../../gateway/telemetry/observations/table.ts';
import { createWriterTable } from '../../../../gateway/telemetry/observations/writer-table.ts';
import { connectWriter } from '../../../../gateway/telemetry/vitals/connection.ts';
import { storeBatch, type Stored } from '../../../../gateway/telemetry/vitals/store-batch.ts';
import { afterwards } from '../../../harness/cleanup.ts';
import { createDatabase } from '../../../harness/postgres.ts';
import { openPool } from '../../history/world.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export type ClosingWorld = Awaited<ReturnType<typeof openClosingWorld>>;

/** The table on native PostgreSQL, gateways that write to it and gateways that close its hours. */
export async function openClosingWorld() {
  const { databaseUrl } = await createDatabase();
  const pool = openPool(databaseUrl);
  await prepareObservations(pool);
  const nowMs = Date.now();

  return {
    pool,
    /** The beginning of this hour. */
    hourMs: Math.floor(nowMs / HOUR_MS) * HOUR_MS,
    /** A gateway's lane: one batch after the other. */
    async openWriter(spool: string): Promise<(rows: readonly Observation[]) => Promise<Stored>> {
      const connection = await connectWriter({ databaseUrl, applicationName: spool, onBroken: () => undefined });
      afterwards(() => connection.cut());
      await connection.query('insert into spool_cursor values ($1, 0)', [spool]);
      const table = createWriterTable({ readingsDays: 90, nowMs: () => nowMs });
      let position = 0;
      return (rows) => storeBatch(connection, table, { spool, from: position, to: (position += 1), rows });
    },
    /** A gateway's turn: hours that end by `untilMs`, and never later than an hour ago. */
    close: (untilMs = nowMs) =>
      closeHours({ pool, nowMs: untilMs + HOUR_MS, keptFromMs: calcKeptFrom(nowMs, 90), getsOn: () => undefined }),
  };
}

/** `n` tells readings apart; values are multiples of a quarter, whose sums are exact. */
export function reading(ts: number, n: number, more: Partial<Observation> = {}): Observation {
  const value = 60 + (n % 160) / 4;
  return { deviceId: 'w-1', residentId: 'wang', metric: 'spo2', value, flags: 0, ts, receivedAt: ts, ...more };
}

const ORDER = 'order by device_id, metric, bucket, resident_id nulls last';

/** The view that charts read, and the same from the readings themselves. */
export async function loadBoth(pool: Pool): Promise<{ readonly view: unknown[]; readonly raw: unknown[] }> {
  const [view, raw] = await Promise.all([
    pool.query(`select ${HOUR_COLUMNS} from observations_hour ${ORDER}`),
    pool.query(
      `select resident_id, device_id, metric, date_bin('1 hour', ts, '${ORIGIN}') as bucket, ${HOUR_AGGREGATES}
       from observations group by 1, 2, 3, 4 ${ORDER}`,
    ),
  ]);
  return { view: view.rows, raw: raw.rows };
}

/** Turn after turn until nothing is left to be done again, as the gateway's loop has it. */
export async function settle({ pool, close }: Pick<ClosingWorld, 'pool' | 'close'>): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) {
    await close();
    const { rows } = await pool.query<{ count: string }>('select count(*) from observations_dirty');
    if (Number(rows[0]?.count) === 0) return;
    await sleep(10);
  }
  expect.fail('late hours are left over');
}
