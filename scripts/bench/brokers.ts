import { join } from 'node:path';
import { startProcess, type Running } from './processes.ts';

const BROKERS = join(import.meta.dirname, 'brokers');

/** A broker that acknowledges and stores nothing. */
export async function startBareAedes(): Promise<Running> {
  const { pid, said, stop } = await startProcess(join(BROKERS, 'bare-aedes.ts'), []);
  return { pid, port: Number(said), stop };
}

/** One that does all of it in one process, into this Redis and this table. */
export async function startNaiveAedes(
  { redisUrl, databaseUrl }: { readonly redisUrl: string; readonly databaseUrl: string },
  table: string,
): Promise<Running> {
  const { pid, said, stop } = await startProcess(join(BROKERS, 'naive-aedes.ts'), [redisUrl, databaseUrl, table]);
  return { pid, port: Number(said), stop };
}
