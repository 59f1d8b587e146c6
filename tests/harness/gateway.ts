import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inject } from 'vitest';
import { afterwards } from './cleanup.ts';
import { signal } from './processes-below.ts';
import { createDatabase } from './postgres.ts';
import { createRedis } from './redis.ts';
import { compileCacheOf } from './run-folder.ts';
import { scratchDir } from './scratch.ts';
import { until } from './until.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const ZHUJI = join(ROOT, 'scripts', 'zhuji', 'main.ts');
const START_MS = 60_000;
const STOP_MS = 30_000;
/** A tenth of a start is the collecting of garbage while the young generation grows; here it is grown from the beginning. */
const NODE_FLAGS = ['--min-semi-space-size=16'];

export const ADMIN_PASSWORD = 'admin-of-the-tests';

export type GatewayOptions = {
  /** Go on with the data of an earlier gateway. */
  readonly dataDir?: string;
  readonly redisUrl?: string;
  readonly databaseUrl?: string;
  /** It runs its own Redis and PostgreSQL in its data folder. */
  readonly embedded?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** What to start it under, e.g. `['strace', '-f', '-o', path]`. */
  readonly prefix?: readonly string[];
};

export type CommandOutcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

type GatewayEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type TestGateway = {
  readonly pid: number;
  readonly http: number;
  readonly mqtt: number;
  readonly httpUrl: string;
  readonly mqttUrl: string;
  readonly dataDir: string;
  readonly redisUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  /** Where the `zhuji` command speaks to it. */
  readonly socketPath: string;
  readonly stdout: () => string;
  /** Its log. */
  readonly stderr: () => string;
  readonly kill9: () => Promise<void>;
  /** How it ended by itself: nobody asks it to. */
  readonly end: () => Promise<GatewayEnd>;
  /** Politely, and how it ended. */
  readonly stop: () => Promise<GatewayEnd>;
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Runs the `zhuji` command against it. */
  readonly zhuji: (...args: readonly string[]) => Promise<CommandOutcome>;
  /** The same with `--json`; fails unless the command succeeds. */
  readonly zhujiJson: <T>(...args: readonly string[]) => Promise<T>;
};

/** Starts a gateway as a process of its own on free ports and waits until it listens. It ends with the test. */
export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const dataDir = options.dataDir ?? join(await scratchDir(), 'data');
  const isEmbedded = options.embedded === true;
  const redisUrl = options.redisUrl ?? (isEmbedded ? undefined : (await createRedis()).redisUrl);
  const databaseUrl = options.databaseUrl ?? (isEmbedded ? undefined : (await createDatabase()).databaseUrl);
  const env = {
    ...plainEnv(dataDir),
    NODE_COMPILE_CACHE: compileCacheOf(inject('runFolder')),
    ZHUJI_HTTP_PORT: '0',
    ZHUJI_MQTT_PORT: '0',
    ZHUJI_ADMIN_PASSWORD: ADMIN_PASSWORD,
    // What a test kills stays dead, and what it freezes stands still.
    ZHUJI_KEEPER: 'off',
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...options.env,
  };
  const [command, ...args] = [...(options.prefix ?? []), process.execPath, ...NODE_FLAGS, ZHUJI, 'serve', '--json'];
  const child = spawn(command, args, { cwd: await scratchDir(), env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  let realPid = child.pid ?? 0;

  async function kill9(): Promise<void> {
    if (isOver()) return;
    signal(realPid, 'SIGKILL');
    await ended;
  }
  afterwards(kill9);

  async function end(): Promise<GatewayEnd> {
    const timer = setTimeout(() => signal(realPid, 'SIGKILL'), STOP_MS);
    const [code, name] = isOver() ? [child.exitCode, child.signalCode] : await ended;
    clearTimeout(timer);
    return { code, signal: name };
  }

  await until(() => isOver() || stdout().includes('\n'), { timeoutMs: START_MS, what: 'the gateway to listen' }).catch(
    (cause: unknown) => {
      throw new Error(`The gateway does not listen:\n${stderr()}`, { cause });
    },
  );
  if (isOver())
    throw new Error(`The gateway ended with ${child.exitCode ?? child.signalCode}:\n${stdout()}${stderr()}`);
  const told = readListening(stdout());
  realPid = told.pid;

  const zhuji = (...words: readonly string[]) => runZhuji(words, { ...plainEnv(dataDir) });
  return {
    ...told,
    httpUrl: `http://127.0.0.1:${told.http}`,
    mqttUrl: `mqtt://127.0.0.1:${told.mqtt}`,
    dataDir,
    redisUrl,
    databaseUrl,
    socketPath: join(dataDir, 'zhuji.sock'),
    stdout,
    stderr,
    kill9,
    end,
    async stop() {
      signal(realPid, 'SIGTERM');
      return end();
    },
    freeze: () => void signal(realPid, 'SIGSTOP'),
    thaw: () => void signal(realPid, 'SIGCONT'),
    zhuji,
    async zhujiJson<T>(...words: readonly string[]) {
      const { code, stdout: answer, stderr: complaint } = await zhuji(...words, '--json');
      if (code !== 0) throw new Error(`zhuji ${words.join(' ')} ended with ${code}: ${complaint}`);
      return JSON.parse(answer) as T;
    },
  };
}

/** The `zhuji` command as a process, for settings that no running gateway has. */
export async function runZhuji(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<CommandOutcome> {
  const child = spawn(process.execPath, [ZHUJI, ...words], {
    cwd: await scratchDir(),
    env: { ...plainEnv(''), NODE_COMPILE_CACHE: compileCacheOf(inject('runFolder')), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: stdout(), stderr: stderr() };
}

/** Nothing of the settings of whoever runs the tests. */
function plainEnv(dataDir: string): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return { PATH, HOME, TMPDIR, LANG, ...(dataDir === '' ? {} : { ZHUJI_DATA: dataDir }) };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** The line of `zhuji serve --json` (design §8). */
function readListening(stdout: string): { readonly pid: number; readonly http: number; readonly mqtt: number } {
  const told: unknown = JSON.parse(stdout.slice(0, stdout.indexOf('\n')));
  if (typeof told !== 'object' || told === null) throw new Error(`Not a listening line: ${stdout}`);
  const { pid, http, mqtt } = told as Record<string, unknown>;
  return { pid: Number(pid), http: portOf(http), mqtt: portOf(mqtt) };
}

function portOf(value: unknown): number {
  return typeof value === 'number' ? value : Number(/:(\d+)\/?$/.exec(String(value))?.[1]);
}
