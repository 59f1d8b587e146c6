import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTo, type Account } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { planInitdbArgs } from './postgres-settings.ts';
import { EmbeddedError, failedWith } from './embedded-error.ts';
import { runCommand } from './run-command.ts';

/** initdb copies about 40 MB and waits for the disk; slow memory cards need their time (chosen). */
const INITDB_MS = 180_000;

/** Makes the cluster in `data` at the first start; later checks that these binaries can read it. */
export async function openCluster(data: string, binaries: PostgresBinaries, account: Account): Promise<void> {
  const has = await readVersion(data);
  if (has === undefined) return makeCluster(data, binaries, account);
  const ours = await askVersion(binaries.postgres);
  if (has !== ours) {
    throw new EmbeddedError(
      'postgres-version',
      `${data} was written by PostgreSQL ${has}, this Zhuji brings ${ours}. Start the Zhuji that wrote it, save the data ` +
        'with pg_dump, move the folder away and restore; or run it on a server of that version with DATABASE_URL',
    );
  }
  await giveTo(account, data);
}

/** Made beside its place and moved there whole, so that a start that was cut off leaves nothing half made. */
async function makeCluster(data: string, { initdb }: PostgresBinaries, account: Account): Promise<void> {
  const making = `${data}.new`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { mode: 0o700 });
  await giveTo(account, making);
  const [command = '', ...args] = [...account.prefix, initdb, ...planInitdbArgs(making)];
  const made = await runCommand(command, args, { timeoutMs: INITDB_MS });
  if (!made.ok) {
    await rm(making, { recursive: true, force: true });
    throw new EmbeddedError('postgres-init', `PostgreSQL's data could not be made in ${data}: ${made.stderr.trim()}`);
  }
  try {
    await rename(making, data);
  } catch (error) {
    const hint = `${data} is there, but holds no PostgreSQL data: move it away`;
    throw new EmbeddedError('postgres-init', hint, { cause: error });
  }
}

/** The version that wrote the cluster; undefined where there is none. */
export async function readVersion(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (failedWith(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** `postgres (PostgreSQL) 18.4` → `18`. */
async function askVersion(postgres: string): Promise<string> {
  const { stdout, stderr } = await runCommand(postgres, ['--version'], { timeoutMs: 10_000 });
  const found = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
  if (found === undefined) throw new EmbeddedError('postgres-not-found', `${postgres} does not run: ${stderr.trim()}`);
  return found;
}
