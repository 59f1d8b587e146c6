import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { EmbeddedError } from './embedded-error.ts';
import { runCommand } from './run-command.ts';

/** XAUTOCLAIM came with 6.2 (redis.io, command reference). Valkey began at 7.2. */
const LEAST = { major: 6, minor: 2 };

/**
 * Programs that are the server, in order of preference. The checkers are the same binary, which looks at the name that it
 * is called by; packages of tools carry them without the system service that a server package would start.
 */
const CANDIDATES = [
  { file: 'redis-server', argv0: 'redis-server' },
  { file: 'valkey-server', argv0: 'valkey-server' },
  { file: 'redis-check-rdb', argv0: 'redis-server' },
  { file: 'valkey-check-rdb', argv0: 'valkey-server' },
] as const;

export const REDIS_NAMES = ['redis-server', 'valkey-server'] as const;

export type RedisBinary = { readonly command: string; readonly argv0: string; readonly exe: string };

/** Finds a server on the PATH. @throws {EmbeddedError} `redis-not-found`, `redis-too-old` */
export async function findRedisBinary(path: string = process.env['PATH'] ?? ''): Promise<RedisBinary> {
  const tooOld: string[] = [];
  for (const { file, argv0 } of CANDIDATES) {
    const command = await findOnPath(file, path);
    if (command === undefined) continue;
    const version = await askVersion(command, argv0);
    if (version === undefined) continue;
    if (version.major > LEAST.major || (version.major === LEAST.major && version.minor >= LEAST.minor)) {
      return { command, argv0, exe: await realpath(command) };
    }
    tooOld.push(`${command} is ${version.major}.${version.minor}`);
  }
  const wanted = `Redis ${LEAST.major}.${LEAST.minor} or newer (or Valkey)`;
  if (tooOld.length > 0) {
    throw new EmbeddedError(
      'redis-too-old',
      `${wanted} is needed, ${tooOld.join(', ')}: install a newer one or set REDIS_URL`,
    );
  }
  throw new EmbeddedError(
    'redis-not-found',
    `No redis-server or valkey-server on the PATH: install ${wanted} (Debian: apt-get install redis-tools, which holds ` +
      'the server as redis-check-rdb; macOS: brew install redis), or set REDIS_URL',
  );
}

async function findOnPath(file: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const candidate = join(folder, file);
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder; that it is in none is told by the caller.
      continue;
    }
  }
  return undefined;
}

/** `Redis server v=7.0.15 sha=…`; undefined when it is something else (some checkers are not the server). */
async function askVersion(command: string, argv0: string): Promise<{ major: number; minor: number } | undefined> {
  const { stdout } = await runCommand(command, ['--version'], { timeoutMs: 10_000, argv0 });
  const found = /server v=(\d+)\.(\d+)/i.exec(stdout);
  return found === null ? undefined : { major: Number(found[1]), minor: Number(found[2]) };
}
