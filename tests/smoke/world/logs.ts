import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestGateway } from '../../harness/gateway.ts';

/** All that was written as a log: what the gateway said, and the files of its own servers, by name. */
export async function readLogs(gateway: TestGateway): Promise<Map<string, string>> {
  const logs = new Map([
    ['stdout', gateway.stdout()],
    ['stderr', gateway.stderr()],
  ]);
  for (const name of await readdir(gateway.dataDir)) {
    if (/\.log(\.\d)?$/.test(name)) logs.set(name, await readFile(join(gateway.dataDir, name), 'utf8'));
  }
  return logs;
}
