import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterwards } from '../harness/cleanup.ts';
import { freePort } from '../harness/free-port.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { ownPostgres, ownRedis, type OwnServer } from '../harness/own-servers.ts';
import { scratchDir } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import type { Credentials } from '../smoke/world/device.ts';
import { logInAsAdmin, type Operator } from '../smoke/world/operator.ts';
import { keepPressing, type Presser } from '../smoke/world/presser.ts';
import { addDevice, localClient } from '../smoke/world/register.ts';
import { timeMachine, type TimeMachine } from '../smoke/world/time-machine.ts';
import { openConsole, type TestConsole } from './console.ts';
import type { Blow } from './plan.ts';

const run = promisify(execFile);

/** Chosen: no device presses so often in a leg that its one incident would be shown in part. */
const DEVICES = 20;
/** Between two presses of a device: slow enough that a leg of a thousand alarms is hit some thirty times. Chosen. */
const PAUSE_MS = 500;
/** Holds a journal, its reserve and a snapshot. */
const DISK_MB = 96;

/** One gateway of a leg. It keeps its ports over its lives, as an installed one does. */
export type Post = {
  readonly current: () => TestGateway;
  readonly start: () => Promise<void>;
  readonly clock: TimeMachine;
  readonly dataDir: string;
};

/** Everything that stands while one part of the campaign runs. */
export type Leg = {
  readonly posts: readonly Post[];
  readonly redis: OwnServer;
  readonly postgres: OwnServer;
  readonly pressers: readonly Presser[];
  readonly admin: Operator;
  readonly consoles: readonly TestConsole[];
  readonly strike: (blow: Blow) => Promise<void>;
};

/** Servers of its own, gateways on disks of their own, devices that press without end, a console at each gateway. */
export async function openLeg(gateways: number): Promise<Leg> {
  const [redis, postgres] = await Promise.all([ownRedis(), ownPostgres()]);
  const posts: Post[] = [];
  for (let n = 0; n < gateways; n += 1) posts.push(await openPost(n, redis.redisUrl, postgres.databaseUrl));
  const first = at(posts, 0).current();
  const admin = await logInAsAdmin(first);
  const consoles = [];
  for (const post of posts) consoles.push(await openConsole(await logInAsAdmin(post.current())));
  const devices: Credentials[] = [];
  for (let n = 0; n < DEVICES; n += 1) devices.push(await addDevice(first, { id: `d${n}`, name: `campaign ${n}` }));
  for (const post of posts) await knowsAll(post.current(), devices);
  const pressers = devices.map((device, n) => {
    const { mqttUrl } = at(posts, n % posts.length).current();
    return keepPressing({ ...device, mqttUrl }, PAUSE_MS);
  });
  const leg = { posts, redis, postgres, pressers, admin, consoles };
  return { ...leg, strike: (blow) => strike(leg, blow) };
}

/** As an installer would: a device is switched on once it is registered, not in the same millisecond at another gateway. */
async function knowsAll(gateway: TestGateway, devices: readonly Credentials[]): Promise<void> {
  const client = localClient(gateway);
  const looks = devices.map(({ deviceId }) =>
    until(() => client.request('GET', `/devices/${deviceId}`), { timeoutMs: 30_000, what: 'a device to be known' }),
  );
  await Promise.all(looks);
}

async function openPost(n: number, redisUrl: string, databaseUrl: string): Promise<Post> {
  const clock = await timeMachine('wall');
  const dataDir = await smallDisk();
  const env = {
    ...clock.env,
    ZHUJI_GATEWAY_ID: `gateway-${n + 1}`,
    ZHUJI_MQTT_PORT: String(await freePort()),
    ZHUJI_HTTP_PORT: String(await freePort()),
  };
  let gateway: TestGateway | undefined;
  const start = async (): Promise<void> => {
    gateway = await startGateway({ dataDir, redisUrl, databaseUrl, env });
  };
  await start();
  const current = (): TestGateway => {
    if (gateway === undefined) throw new Error('no gateway was ever up');
    return gateway;
  };
  return { current, start, clock, dataDir };
}

/** A disk that can be filled without filling anybody else's; only root may mount one. */
async function smallDisk(): Promise<string> {
  const folder = join(await scratchDir(), 'disk');
  await mkdir(folder);
  if (process.getuid?.() === 0) {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', folder]);
    afterwards(() => run('umount', ['-l', folder]).then(() => undefined));
  }
  return join(folder, 'data');
}

async function strike(leg: Omit<Leg, 'strike'>, blow: Blow): Promise<void> {
  await delay(blow.afterMs);
  const post = at(leg.posts, blow.gateway);
  const gateway = post.current();
  switch (blow.name) {
    case 'kill-gateway':
      await gateway.kill9();
      await delay(blow.forMs);
      return startAgain(post);
    case 'restart-gateway':
      await gateway.stop();
      return startAgain(post);
    case 'freeze-gateway':
      gateway.freeze();
      await delay(blow.forMs);
      return gateway.thaw();
    case 'kill-redis':
      await leg.redis.kill9();
      await delay(blow.forMs);
      return leg.redis.start();
    case 'freeze-redis':
      leg.redis.freeze();
      await delay(blow.forMs);
      return leg.redis.thaw();
    case 'kill-postgres':
      return leg.postgres.kill9();
    case 'cut-devices':
      for (const presser of leg.pressers) presser.cut();
      return undefined;
    case 'cut-console':
      await at(leg.consoles, blow.gateway).cut();
      return undefined;
    case 'step-clock':
      return post.clock.fastForward(blow.stepMs);
    case 'fill-disk':
      return fillDisk(post.dataDir, blow.forMs);
  }
}

/** Redis may be down and the disk full: it is started until it stays up, as its keeper would. */
async function startAgain(post: Post): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await post.start();
    } catch (error) {
      if (tries >= 5) throw error;
    }
  }
}

async function fillDisk(dataDir: string, forMs: number): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const filler = join(dataDir, '..', 'filler');
  const file = await open(filler, 'w');
  try {
    for (;;) await file.write(Buffer.alloc(256 * 1024));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    await file.close();
  }
  await delay(forMs);
  await rm(filler);
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error('nothing there');
  return found;
}
