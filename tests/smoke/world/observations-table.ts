import pg from 'pg';
import { prepareObservations } from '../../../gateway/telemetry/observations/prepare.ts';

/** The table of observations as an earlier run of the gateway left it: there from the first reading on. */
export async function makeObservations(databaseUrl: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  await prepareObservations(pool);
  await pool.end();
}
