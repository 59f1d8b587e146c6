import { expect, test } from 'vitest';
import { calcPart, READINGS } from '../../../../gateway/telemetry/observations/days.ts';
import { prepareObservations } from '../../../../gateway/telemetry/observations/prepare.ts';
import { createPool } from '../../../../gateway/store/postgres.ts';
import { createDatabase } from '../../../harness/postgres.ts';
import { until } from '../../../harness/until.ts';
import { openWire } from '../../../harness/wire.ts';
import { silent } from '../../incidents/world.ts';
import { startLane, upTo } from './lane.ts';

/** Hours before now, so that some lie on the day before. */
const HOURS = 30;
const HOUR_MS = 3_600_000;

/** A lane on the product's table, as migrations and the first look leave it; `keep` has no day of it. */
async function openLane() {
  const { databaseUrl, keep, empty } = await createDatabase();
  const query = async <Row>(sql: string): Promise<Row[]> => {
    const pool = createPool({ databaseUrl, applicationName: 'test', logger: silent });
    try {
      return (await pool.query(sql)).rows as Row[];
    } finally {
      await pool.end();
    }
  };
  const pool = createPool({ databaseUrl, applicationName: 'test', logger: silent });
  await prepareObservations(pool);
  await pool.end();
  const restore = await keep();
  const wire = await openWire(databaseUrl);
  const { vitals, accept } = await startLane(wire.url, {}, null);
  const startMs = Date.now();
  let sent = 0;
  const send = async (): Promise<void> => {
    await Promise.all(
      upTo(HOURS).map((hour) => {
        sent += 1;
        const reading = { metric: 'heart-rate', value: sent, at: startMs - hour * HOUR_MS + sent, flags: 0 };
        return accept('w-1', [reading], startMs);
      }),
    );
  };
  const untilStored = () =>
    until(
      async () => {
        const rows = await query<{ value: number }>('select value from observations order by value').catch(() => []);
        return rows.length === sent && rows.every(({ value }, index) => value === index + 1);
      },
      { timeoutMs: 30_000, what: 'all that was acknowledged', everyMs: 100 },
    );
  const writer = () => vitals.health().thread?.writer;
  return { vitals, wire, send, untilStored, restore, empty, query, startMs, writer };
}

test('a database restored from before the days that wait gets all of it, and nothing is refused', async () => {
  const { vitals, wire, send, untilStored, restore } = await openLane();
  await send();
  await untilStored();
  wire.set('cut');
  await send();
  await restore();
  wire.set('whole');
  await untilStored();
  expect(vitals.health()).toMatchObject({ refused: 0, shed: { vital: 0 } });
});

test('a day that was taken away beneath a connection that lives is made again', async () => {
  const { vitals, send, untilStored, query, startMs } = await openLane();
  await send();
  await untilStored();
  const { name } = calcPart(READINGS, startMs);
  const gone = (await query<{ value: number }>(`select value from ${name}`)).length;
  await query(`drop table ${name}`);
  await send();
  await until(
    async () => {
      const rows = await query('select from observations');
      return rows.length === 2 * HOURS - gone;
    },
    { timeoutMs: 30_000, what: 'the second half', everyMs: 100 },
  );
  expect(vitals.health()).toMatchObject({ refused: 0, shed: { vital: 0 } });
});

test('a database that comes back empty gets nothing, loses nothing, and all of it once it is restored', async () => {
  const { vitals, wire, send, untilStored, restore, empty, query, writer } = await openLane();
  await send();
  await untilStored();
  wire.set('cut');
  await send();
  await empty();
  wire.set('whole');
  await until(() => writer()?.fault === '42P01', { timeoutMs: 30_000, what: 'the writer to find no table' });
  await send();
  expect(await query(`select from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
  await restore();
  await untilStored();
  expect(vitals.health()).toMatchObject({ refused: 0, shed: { vital: 0 } });
});
