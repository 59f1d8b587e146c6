import pg from 'pg';
import { createWriterTable } from '../../../gateway/telemetry/observations/writer-table.ts';
import type { Observation } from '../../../gateway/telemetry/observation.ts';

/** Puts readings where the gateway looks for them, as its writer does but without a device that takes a day to send them. */
export async function seedReadings(databaseUrl: string, rows: readonly Observation[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const table = createWriterTable({ readingsDays: 730, nowMs: Date.now });
    const times = rows.map(({ ts }) => ts);
    await table.ensureDays(client, Math.min(...times), Math.max(...times));
    await client.query('begin');
    await table.beforeRows(client, rows);
    await client.query(
      `insert into observations (device_id, resident_id, ts, metric, value, flags, received_at)
       select d, r, to_timestamp(t / 1000), m, v, f, to_timestamp(t / 1000)
       from unnest($1::text[], $2::text[], $3::float8[], $4::text[], $5::float8[], $6::int2[]) as one (d, r, t, m, v, f)`,
      [
        rows.map(({ deviceId }) => deviceId),
        rows.map(({ residentId }) => residentId),
        times,
        rows.map(({ metric }) => metric),
        rows.map(({ value }) => value),
        rows.map(({ flags }) => flags),
      ],
    );
    await client.query('commit');
  } finally {
    await client.end();
  }
}
