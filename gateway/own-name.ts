import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { openDataFolder } from './embedded/data-folder.ts';
import { errorCode } from './errors.ts';

const FILE = 'gateway-name';
const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The name of a gateway that was given none: made once and kept in its data folder, so that two gateways on one Redis never
 * share it, and one that comes again takes up what it had in hand. A folder that takes no file costs the name its memory only.
 * @throws {EmbeddedError} where the data folder cannot be used at all
 */
export async function loadOwnName(deps: {
  readonly dataDir: string;
  readonly randomBytes: (count: number) => Buffer;
  readonly logger: Logger;
}): Promise<string> {
  const path = join(await openDataFolder(deps.dataDir), FILE);
  const kept = await readName(path, deps.logger);
  if (kept !== null) return kept;
  const made = `gateway-${deps.randomBytes(5).toString('hex')}`;
  try {
    await writeFile(path, made, { mode: 0o600, flush: true });
  } catch (error) {
    deps.logger.warn(
      { code: errorCode(error) },
      'the name of this gateway could not be kept; the next start has another',
    );
  }
  return made;
}

async function readName(path: string, logger: Logger): Promise<string | null> {
  try {
    const text = await readFile(path, 'utf8');
    if (NAME.test(text)) return text;
    logger.warn('the name of this gateway cannot be read from its data folder; it gets another');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT')
      logger.warn({ code: errorCode(error) }, 'the name of this gateway cannot be read from its data folder');
  }
  return null;
}
