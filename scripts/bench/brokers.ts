import { join } from 'node:path';
import { startProcess, type Running } from './processes.ts';
import type { Site } from './site.ts';

const BROKERS = join(import.meta.dirname, 'brokers');

/** A broker that acknowledges and stores nothing. */
export async function startBareAedes(): Promise<Running> {
  const { pid, said, stop } = await startProcess(join(BROKERS, 'bare-aedes.ts'), []);
  return { pid, port: Number(said), stop };
}

/** One that does all of it in one process, into this table and the same Redis as ours. */
export async function startNaiveAedes({ redisPort, databaseUrl }: Site, table: string): Promise<Running> {
  const { pid, said, stop } = await startProcess(join(BROKERS, 'naive-aedes.ts'), [
    String(redisPort),
    databaseUrl,
    table,
  ]);
  return { pid, port: Number(said), stop };
}
