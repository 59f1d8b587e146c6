import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { prepareObservations } from '../../../../gateway/telemetry/observations/prepare.ts';
import { createDatabase } from '../../../harness/postgres.ts';
import { openPool } from '../../history/world.ts';

/** What a server with the extension shows of it in its catalogue and its settings, without the code. */
async function showTimescale(pool: Pool, license: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`set allow_system_table_mods = on`);
    await client.query(
      `insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
       select 4000000000, 'timescaledb', extowner, extnamespace, false, '2.22.1' from pg_extension where extname = 'plpgsql'`,
    );
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    await client.query(`alter database ${rows[0]?.name} set timescaledb.license = '${license}'`);
  } finally {
    client.release(true);
  }
}

test('a server without TimescaleDB, or with its Apache edition, gets the native table', async () => {
  const plain = openPool((await createDatabase()).databaseUrl);
  expect(await prepareObservations(plain)).toEqual({ kind: 'native', timescale: 'absent', isMade: true });
  const limited = openPool((await createDatabase()).databaseUrl);
  await showTimescale(limited, 'apache');
  expect(await prepareObservations(limited)).toEqual({ kind: 'native', timescale: 'limited', isMade: true });
});

test('a table that was made without TimescaleDB stays when the server has learnt it', async () => {
  const pool = openPool((await createDatabase()).databaseUrl);
  await prepareObservations(pool);
  await showTimescale(pool, 'timescale');
  expect(await prepareObservations(pool)).toEqual({ kind: 'native', timescale: 'ready', isMade: false });
});
