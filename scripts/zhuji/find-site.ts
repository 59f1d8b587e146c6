import type { Config } from '../../gateway/config.ts';
import { type Context, UsageError } from './command.ts';

/** The settings and the database of the gateway of this machine. @throws ConfigError, UsageError where its database is not at hand */
export async function loadConfigAndDatabase(
  env: Context['env'],
): Promise<{ readonly config: Config; readonly databaseUrl: string }> {
  // Loaded here alone: the other commands need nothing of it and start faster.
  const { isFaulty } = await import('../../gateway/config.ts');
  const { ConfigError } = await import('../../gateway/config-error.ts');
  const { loadConfigWithFiles } = await import('../../gateway/secret-files.ts');
  const { findDatabase } = await import('../find-database.ts');
  const config = await loadConfigWithFiles(env);
  if (isFaulty(config)) throw new ConfigError(config);
  const databaseUrl = await findDatabase(config);
  if (databaseUrl !== null) return { config, databaseUrl };
  throw new UsageError(
    `There is no database in ${config.dataDir}: set ZHUJI_DATA or DATABASE_URL as the gateway has it`,
  );
}
