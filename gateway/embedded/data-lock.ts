import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorCode } from '../errors.ts';
import { EmbeddedError, failedWith } from './embedded-error.ts';

/** Never open this file by other means in the gateway: closing it would drop the lock (fcntl(2), POSIX locks). */
const LOCK_FILE = 'gateway.lock';
const OWNER_FILE = 'gateway.pid';

export type DataLock = {
  /** Takes the folder, or throws `data-in-use`. A second call of the same holder does nothing. */
  readonly acquire: () => Promise<void>;
  readonly release: () => void;
};

/**
 * One gateway per data folder. Node has no file locks of its own; SQLite's exclusive transaction holds one that the
 * kernel frees when the process dies, however it dies, and that containers sharing a volume see as well.
 */
export function createDataLock(dataDir: string, ownerPid: number = process.pid): DataLock {
  let held: DatabaseSync | undefined;
  return {
    async acquire() {
      if (held !== undefined) return;
      const database = new DatabaseSync(join(dataDir, LOCK_FILE));
      try {
        database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      } catch (error) {
        database.close();
        throw new EmbeddedError('data-in-use', await describeHolder(dataDir), { cause: error });
      }
      held = database;
      await noteOwner(dataDir, ownerPid);
    },
    release() {
      held?.close();
      held = undefined;
    },
  };
}

/** Only for the message to a second gateway: on a full disk the first one starts without it. */
async function noteOwner(dataDir: string, ownerPid: number): Promise<void> {
  try {
    await writeFile(join(dataDir, OWNER_FILE), `${ownerPid}\n`, { mode: 0o600 });
  } catch (error) {
    if (failedWith(error, 'ENOSPC', 'EDQUOT')) return;
    const message = `The data folder ${dataDir} cannot be written to (${errorCode(error)}): choose another with ZHUJI_DATA`;
    throw new EmbeddedError('data-unusable', message, { cause: error });
  }
}

async function describeHolder(dataDir: string): Promise<string> {
  let pid = '';
  try {
    pid = (await readFile(join(dataDir, OWNER_FILE), 'utf8')).trim();
  } catch (error) {
    if (!failedWith(error, 'ENOENT')) throw error;
  }
  const who = pid === '' ? 'Another gateway' : `Another gateway (process ${pid})`;
  return `${who} uses the data folder ${dataDir}: stop it, or choose another folder with ZHUJI_DATA`;
}
