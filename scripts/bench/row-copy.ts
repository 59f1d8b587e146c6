import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Observation } from '../../gateway/telemetry/observation.ts';
import { encodeCopy } from '../../gateway/telemetry/vitals/copy-rows.ts';
import { countRows, waitForRows, waitForTable } from './drained.ts';
import { perSecond, type Bench, type Line } from './row.ts';
import { median } from './stats.ts';

const BATCH = 5000;
const HOLD = 'lock table observations in share mode';
const COLUMNS = 'device_id, resident_id, ts, metric, value, flags, received_at';
const REPEATS = 3;

/** From the spool into the table against a bare binary COPY of as many rows into the same table, and into one without any index. */
export async function benchCopy({ site, generator, scale, print }: Bench): Promise<Line[]> {
  const gateway = await site.startGateway();
  const ours: number[] = [];
  const bare: number[] = [];
  const plain: number[] = [];
  const notes: string[] = [];
  const holder = new pg.Client({ connectionString: site.databaseUrl });
  const copier = new pg.Client({ connectionString: site.databaseUrl });
  await holder.connect();
  await copier.connect();
  try {
    await waitForTable(site);
    await copier.query('create table bench_plain (like observations including defaults)');
    await generator.tell({ task: 'connect', port: gateway.port, from: 0, count: scale.clients });
    for (let n = 0; n < REPEATS; n += 1) {
      print(`spool to table, ${n + 1} of ${REPEATS}`);
      const before = await countRows(site);
      await holder.query('begin');
      await holder.query(HOLD);
      const { vitalsAcked } = await generator.ask({ task: 'flood', forMs: scale.spanMs, window: 1, readings: 3 });
      const rows = 3 * vitalsAcked;
      await holder.query('commit');
      ours.push(await rateOfDrain(async () => countRows(site), before, before + rows));
      if (Number.isNaN(await waitForRows(site, before + rows))) notes.push('not all readings reached the table');
      const batches = encodeBatches(rows, n);
      bare.push(await rateOfCopy(copier, 'observations', batches, rows));
      plain.push(await rateOfCopy(copier, 'bench_plain', batches, rows));
      await copier.query(`truncate bench_plain`);
    }
  } finally {
    await generator.tell({ task: 'close' });
    await holder.end();
    await copier.end();
    await gateway.stop();
  }
  const line = (what: string, other: readonly number[], goal: string): Line => ({
    what,
    ours: perSecond(median(ours)),
    other: perSecond(median(other)),
    ratio: median(ours) / median(other),
    goal,
    notes,
  });
  return [
    line('rows from spool to table ÷ bare binary COPY, same rows, batch and table', bare, '≥ 0.8'),
    line('the same ÷ bare binary COPY into a table without index or partition', plain, ''),
  ];
}

/** Rows a second from the first that came to the last: the writer's patience while it was held is not its speed. */
async function rateOfDrain(count: () => Promise<number>, from: number, to: number): Promise<number> {
  const endMs = performance.now() + 120_000;
  let first: { readonly rows: number; readonly atMs: number } | undefined;
  while (performance.now() < endMs) {
    const rows = await count();
    const atMs = performance.now();
    if (rows > from) first ??= { rows, atMs };
    if (first !== undefined && rows >= to) return ((rows - first.rows) / (atMs - first.atMs)) * 1000;
  }
  return Number.NaN;
}

function encodeBatches(rows: number, run: number): Buffer[] {
  const batches: Buffer[] = [];
  const nowMs = Date.now();
  for (let at = 0; at < rows; at += BATCH) {
    const list = Array.from({ length: Math.min(BATCH, rows - at) }, (_, n): Observation => {
      const device = `copy-${run}-${(at + n) % 1000}`;
      const ts = nowMs - 60_000 + Math.floor((at + n) / 1000);
      return {
        deviceId: device,
        residentId: `r-${device}`,
        ts,
        metric: 'spo2',
        value: 96,
        flags: 0,
        receivedAt: nowMs,
      };
    });
    batches.push(encodeCopy(list));
  }
  return batches;
}

async function rateOfCopy(client: pg.Client, table: string, batches: readonly Buffer[], rows: number): Promise<number> {
  const beganMs = performance.now();
  for (const bytes of batches) {
    await client.query('begin');
    const stream = client.query(copyFrom(`copy ${table} (${COLUMNS}) from stdin with (format binary)`));
    const done = Promise.withResolvers<void>();
    stream.once('finish', done.resolve).once('error', done.reject);
    stream.end(bytes);
    await done.promise;
    await client.query('commit');
  }
  return (rows / (performance.now() - beganMs)) * 1000;
}
