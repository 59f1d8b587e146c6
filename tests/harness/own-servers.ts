import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { systemClock } from '../../gateway/clock.ts';
import { createEmbeddedPostgres } from '../../gateway/embedded/postgres.ts';
import { findRedisBinary } from '../../gateway/embedded/redis-binary.ts';
import { planRedisArgs } from '../../gateway/embedded/redis-settings.ts';
import { afterwards } from './cleanup.ts';
import { freePort } from './free-port.ts';
import { processesBelow, signal } from './processes-below.ts';
import { scratchDir } from './scratch.ts';
import { until } from './until.ts';

/** A server that a test may stop, freeze or kill. It stays as it was left until the test acts again. */
export type OwnServer = {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly kill9: () => Promise<void>;
  /** Takes connections (the kernel does) and never answers, until thawed. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  readonly pid: () => number;
};

/** Runs until the test ends; durable unless `settings` (configuration names and values) say otherwise. */
export async function ownRedis({
  settings = {},
}: { readonly settings?: Readonly<Record<string, string>> } = {}): Promise<
  OwnServer & { readonly redisUrl: string; readonly folder: string }
> {
  const [folder, port, binary] = [await scratchDir(), await freePort(), await findRedisBinary()];
  await mkdir(join(folder, 'redis'));
  const args = planRedisArgs({ folder: join(folder, 'redis'), socket: join(folder, 'redis', 's'), port });
  const more = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const redisUrl = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  async function end(name: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(name);
    ending.kill('SIGCONT');
    await ended;
  }

  const server: OwnServer = {
    async start() {
      if (child !== undefined) return;
      const options = { argv0: binary.argv0, cwd: join(folder, 'redis'), stdio: 'ignore' } as const;
      child = spawn(binary.command, [...args, ...more], options);
      await until(() => answersPing(redisUrl), { timeoutMs: 30_000, what: 'the answer of our own Redis' });
    },
    stop: () => end('SIGTERM'),
    kill9: () => end('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    pid: () => child?.pid ?? 0,
  };
  afterwards(server.kill9);
  await server.start();
  return { ...server, redisUrl, folder };
}

/** Runs until the test ends, with fsync. `kill9` is followed by a restart by itself, as in a gateway; `stop` is not. */
export async function ownPostgres(): Promise<OwnServer & { readonly databaseUrl: string }> {
  const dataDir = await scratchDir();
  const postgres = createEmbeddedPostgres({ dataDir, logger: pino({ level: 'silent' }), clock: systemClock });
  const signalAll = (name: NodeJS.Signals) => {
    for (const pid of processesBelow(join(dataDir, 'postgres'))) signal(pid, name);
  };
  const server: OwnServer = {
    async start() {
      await postgres.start();
    },
    async stop() {
      signalAll('SIGCONT');
      await postgres.stop();
    },
    async kill9() {
      // It may just be coming up after the last time.
      const pid = await until(() => postgres.pid(), { timeoutMs: 30_000, what: 'our own PostgreSQL' });
      signal(pid, 'SIGKILL');
      await until(() => postgres.pid() !== pid, { timeoutMs: 30_000, what: 'the death of our own PostgreSQL' });
    },
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    pid: () => postgres.pid() ?? 0,
  };
  afterwards(server.stop);
  return { ...server, databaseUrl: await postgres.start() };
}

async function answersPing(redisUrl: string): Promise<boolean> {
  const client = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null, commandTimeout: 1000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } finally {
    client.disconnect();
  }
}
