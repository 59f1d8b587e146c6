import { access, chmod, constants, mkdir, realpath, stat } from 'node:fs/promises';
import { errorCode } from '../errors.ts';
import { EmbeddedError } from './embedded-error.ts';

/** Makes the data folder, closes it to everybody else (0700) and gives its real path. */
export async function openDataFolder(dataDir: string): Promise<string> {
  const path = await makeFolder(dataDir);
  const found = await stat(path);
  const uid = process.getuid?.() ?? found.uid;
  if (uid !== 0 && found.uid !== uid) {
    throw new EmbeddedError(
      'data-not-ours',
      `The data folder ${path} belongs to user ${found.uid}, this gateway runs as user ${uid}: ` +
        `run it as that user, or give the folder away with chown -R ${uid}`,
    );
  }
  try {
    if ((found.mode & 0o777) !== 0o700) await chmod(path, 0o700);
    await access(path, constants.W_OK);
  } catch (error) {
    throw new EmbeddedError(
      'data-unusable',
      `The data folder ${path} cannot be written to (${errorCode(error)}): choose another with ZHUJI_DATA`,
      { cause: error },
    );
  }
  return path;
}

async function makeFolder(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return await realpath(dataDir);
  } catch (error) {
    throw new EmbeddedError(
      'data-unusable',
      `The data folder ${dataDir} cannot be made (${errorCode(error)}): choose another with ZHUJI_DATA`,
      { cause: error },
    );
  }
}
