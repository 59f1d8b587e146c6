import { resolve } from 'node:path';
import { findSocketPath } from '../../gateway/api/local-socket-path.ts';
import { type Environment, isFaulty } from '../../gateway/config.ts';
import { formatFault } from '../../gateway/config-error.ts';
import { loadConfigWithFiles } from '../../gateway/secret-files.ts';
import { SECRET_FILE_SUFFIX, SETTINGS } from '../../gateway/settings.ts';
import { UsageError } from './command.ts';
import type { Target } from './client.ts';

const TOKEN = SETTINGS.commandToken.key;
const KEYS = [SETTINGS.dataDir.key, SETTINGS.commandUrl.key, TOKEN, `${TOKEN}${SECRET_FILE_SUFFIX}`];

/** The gateway that a command speaks to. Settings of the gateway itself are not judged here. @throws UsageError */
export async function findTarget(env: Environment): Promise<Target> {
  const config = await loadConfigWithFiles(Object.fromEntries(KEYS.map((key) => [key, env[key]])));
  if (isFaulty(config)) throw new UsageError(config.map(formatFault).join('\n'));
  if (config.commandUrl !== null) return { kind: 'url', url: config.commandUrl, token: config.commandToken };
  const dataDir = resolve(config.dataDir);
  return { kind: 'socket', socketPath: await findSocketPath(dataDir), dataDir };
}
