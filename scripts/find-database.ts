import type { Config } from '../gateway/config.ts';
import { findDatabaseUrl } from '../gateway/embedded/postgres.ts';

/** The database of a gateway on this machine; null where there is none at hand. */
export async function findDatabase({ databaseUrl, dataDir }: Config): Promise<string | null> {
  return databaseUrl ?? (await findDatabaseUrl(dataDir));
}
