import { setTimeout as delay } from 'node:timers/promises';
import { connectWriter, type WriterConnection } from '../../gateway/telemetry/vitals/connection.ts';
import type { Observation } from '../../gateway/telemetry/observation.ts';
import { COLUMNS } from '../../gateway/telemetry/observations/table.ts';
import { encodeCopy } from '../../gateway/telemetry/vitals/copy-rows.ts';
import { countRows, waitForTable } from './drained.ts';
import { endAll } from './end-all.ts';
import { closeAll } from './generator.ts';
import { count, perSecond, type Bench, type Line } from './row.ts';
import type { Site } from './site.ts';
import { median, ratioOf } from './stats.ts';

/** Readers go on, the writer waits. */
const HOLD = 'lock table observations in share mode';
const PLAIN = 'bench_plain';
const READINGS = 3;
/** The writer gives up a lock after ten seconds and rests before it tries again: it is held for less. */
const MOST_HELD_MS = 5000;
const LIMIT_MS = 120_000;

type Batch = readonly Observation[];

/**
 * From the spool into the table against bare binary COPY: the very rows that ours has stored, in the very batches, on a
 * connection like its own, each side into the same table when it is empty; and into a table without parts and indexes.
 */
export async function benchCopy({ site, generator, scale, print }: Bench): Promise<Line[]> {
  const gateway = await site.startGateway();
  const ends = [gateway.stop];
  const ours: number[] = [];
  const bare: number[] = [];
  const plain: number[] = [];
  const notes = new Set<string>();
  const sizes: number[] = [];
  try {
    await waitForTable(site);
    const holder = await connect(site);
    const copier = await connect(site);
    ends.unshift(holder.leave, copier.leave);
    await copier.query(`create table ${PLAIN} (like observations including defaults)`);
    await generator.ask({ task: 'connect', port: gateway.port, from: 0, count: scale.clients });
    ends.unshift(() => closeAll(generator));
    for (let n = 0; n < scale.repeats; n += 1) {
      print(`spool to table, ${n + 1} of ${scale.repeats}`);
      await empty(copier);
      await holder.query('begin');
      await holder.query(HOLD);
      const flood = {
        task: 'flood',
        forMs: Math.min(scale.spanMs, MOST_HELD_MS),
        window: 1,
        readings: READINGS,
      } as const;
      const rows = READINGS * (await generator.ask(flood)).vitalsAcked;
      await copier.query('checkpoint');
      await holder.query('commit');
      ours.push(await rateOfDrain(site, rows));
      const batches = await loadBatches(site);
      sizes.push(...batches.map((batch) => batch.length));
      const stored = batches.reduce((sum, batch) => sum + batch.length, 0);
      if (stored !== rows) notes.add(`spool to table: ${count(rows)} rows acknowledged, ${count(stored)} stored`);
      await empty(copier);
      bare.push(await rateOfCopy(copier, 'observations', batches));
      if ((await countRows(site)) !== stored) notes.add('spool to table: the bare COPY stored another number of rows');
      plain.push(await rateOfCopy(copier, PLAIN, batches));
    }
  } finally {
    await endAll(...ends);
  }
  const line = (what: string, other: readonly number[], goal: string): Line => ({
    what,
    ours: perSecond(median(ours)),
    other: perSecond(median(other)),
    ratio: ratioOf(ours, other),
    goal,
    notes: [...notes],
  });
  return [
    line(
      `rows from spool to table ÷ bare binary COPY, same rows, batches (${count(median(sizes))}), table and indexes`,
      bare,
      '≥ 0.8',
    ),
    line('the same ÷ bare binary COPY into a table without index or partition', plain, ''),
  ];
}

function connect({ databaseUrl }: Site): Promise<WriterConnection> {
  return connectWriter({ databaseUrl, applicationName: 'zhuji-bench', onBroken: () => undefined });
}

/** Both sides begin with nothing, and with no checkpoint about to come. */
async function empty(client: WriterConnection): Promise<void> {
  await client.query(`truncate observations, ${PLAIN}`);
  await client.query('checkpoint');
}

/**
 * Rows a second from the first batch that came to the last: the writer's patience while it was held is not its speed. The
 * cursor tells it, which moves with each batch; to count the rows meanwhile would cost a processor.
 */
async function rateOfDrain(site: Site, rows: number): Promise<number> {
  const endMs = performance.now() + LIMIT_MS;
  const start = await loadCursor(site);
  let first: { readonly position: number; readonly atMs: number } | undefined;
  while (performance.now() < endMs) {
    const position = await loadCursor(site);
    const atMs = performance.now();
    if (position > start) first ??= { position, atMs };
    if (first !== undefined && READINGS * (position - start) >= rows) {
      return (READINGS * (position - first.position) * 1000) / (atMs - first.atMs);
    }
    await delay(2);
  }
  return Number.NaN;
}

async function loadCursor(site: Site): Promise<number> {
  const [row] = await site.query<{ position: number }>('select max(position)::float8 as position from spool_cursor');
  return row?.position ?? -1;
}

/** What was stored, transaction by transaction, in the order in which it was written. */
async function loadBatches(site: Site): Promise<Batch[]> {
  const rows = await site.query<Observation & { readonly xid: string }>(
    `select xmin::text as xid, device_id as "deviceId", resident_id as "residentId", metric, value, flags,
       (extract(epoch from ts) * 1000)::float8 as ts, (extract(epoch from received_at) * 1000)::float8 as "receivedAt"
     from observations order by tableoid, ctid`,
  );
  return [...Map.groupBy(rows, ({ xid }) => xid).values()];
}

async function rateOfCopy(client: WriterConnection, table: string, batches: readonly Batch[]): Promise<number> {
  const encoded = batches.map((batch) => encodeCopy(batch));
  const beganMs = performance.now();
  let rows = 0;
  for (const bytes of encoded) {
    await client.query('begin');
    rows += await client.copy(`copy ${table} (${COLUMNS}) from stdin with (format binary)`, bytes);
    await client.query('commit');
  }
  return (rows / (performance.now() - beganMs)) * 1000;
}
