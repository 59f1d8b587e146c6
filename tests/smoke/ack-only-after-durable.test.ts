import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { ownRedis } from '../harness/own-servers.ts';
import { attachStrace } from '../harness/strace.ts';
import { until } from '../harness/until.ts';
import { connectDevice, type Credentials } from './world/device.ts';
import { startFrontDoor } from './world/front-door.ts';
import { countByText } from './world/ledger.ts';
import { addDevice } from './world/register.ts';
import { findUnprovenAck, parseTrace } from './world/trace.ts';

/** How long the journal's fsync is held back; who answers sooner did not wait for it. */
const HELD_MS = 1500;

const HOLD_JOURNAL = ['-e', 'trace=fdatasync', '-e', `inject=fdatasync:delay_enter=${HELD_MS * 1000}`];
const WATCH = ['-y', '-xx', '-s', '16384', '-e', 'trace=fdatasync,fsync,write,writev,pwrite64,pwritev,sendto,sendmsg'];

let redis: Awaited<ReturnType<typeof ownRedis>>;
let gateway: TestGateway;
let device: Credentials;

beforeAll(async () => {
  redis = await ownRedis();
  gateway = await startGateway({ redisUrl: redis.redisUrl });
  device = await addDevice(gateway);
});

/** Whatever the test before left. */
beforeEach(async () => {
  redis.thaw();
  await configure('always');
  await untilRedisIs('ok');
});

async function configure(appendfsync: string): Promise<void> {
  const client = new Redis(redis.redisUrl);
  await client.config('SET', 'appendfsync', appendfsync);
  client.disconnect();
}

async function untilRedisIs(status: string): Promise<void> {
  const look = async (): Promise<boolean> => {
    const answer = await fetch(`${gateway.httpUrl}/readyz`);
    const { checks } = (await answer.json()) as { checks: Record<string, { status: string } | undefined> };
    return checks['redis']?.status === status;
  };
  await until(look, { timeoutMs: 30_000, what: `Redis to be ${status}` });
}

/** Presses once, on a connection of its own, and tells how many milliseconds the PUBACK took. */
async function timePress(text: string, on: Credentials = device): Promise<number> {
  const link = await connectDevice(on, { clientId: text });
  const began = performance.now();
  expect(await link.press({ type: 'sos', text })).toBe(true);
  const tookMs = performance.now() - began;
  link.cut();
  return tookMs;
}

test('with Redis frozen the journal acknowledges, and the alarm becomes an incident when Redis is back', async () => {
  redis.freeze();
  expect(await timePress('frozen')).toBeLessThan(HELD_MS);
  redis.thaw();
  await countByText(gateway, ['frozen']);
});

test('with the journal held back Redis acknowledges, but only while it fsyncs', async (context) => {
  const strace = await attachStrace(context, [gateway.pid], HOLD_JOURNAL);
  expect(await timePress('redis-alone')).toBeLessThan(HELD_MS);
  await configure('everysec');
  await untilRedisIs('degraded');
  // What the journal still holds of the press before must not lengthen the wait of this one.
  await delay(HELD_MS);
  expect(await timePress('everysec')).toBeGreaterThanOrEqual(HELD_MS);
  await strace.detach();
});

test('with Redis frozen and the journal held back there is no acknowledgement until one of them is back', async (context) => {
  const strace = await attachStrace(context, [gateway.pid], HOLD_JOURNAL);
  redis.freeze();
  expect(await timePress('both')).toBeGreaterThanOrEqual(HELD_MS);
  redis.thaw();
  await strace.detach();
  await countByText(gateway, ['both']);
});

test('the same through a slow disk given as a parameter, for machines without ptrace', async () => {
  const frozen = await ownRedis();
  const door = await startFrontDoor(frozen.redisUrl, { syncsAfterMs: HELD_MS });
  frozen.freeze();
  expect(await timePress('slow', door.device)).toBeGreaterThanOrEqual(HELD_MS);
});

test('an fsync of the alarm has returned before its PUBACK is written, as the kernel saw it', async (context) => {
  const link = await connectDevice(device, { clientId: 'traced' });
  const presses = Array.from({ length: 60 }, (_, n) => ({ mark: `mark-${n}-`, messageId: n + 1 }));
  const strace = await attachStrace(context, [gateway.pid, redis.pid()], WATCH);
  for (const { mark, messageId } of presses) {
    // The last ten have the journal alone.
    if (messageId === 51) redis.freeze();
    expect(await link.press({ type: 'sos', text: mark })).toBe(true);
  }
  redis.thaw();
  // The tracer writes down a call when it sees the next one.
  expect(await link.press({ type: 'sos', text: 'behind' })).toBe(true);
  const trace = await strace.detach();
  const calls = parseTrace(trace);
  for (const press of presses) expect(findUnprovenAck(calls, press)).toBeUndefined();

  // The judgement itself, on the same trace with every fsync moved behind its end.
  const isSync = (line: string) => /\bf(?:data)?sync\b/.test(line);
  const lines = trace.split('\n');
  const doctored = parseTrace([...lines.filter((line) => !isSync(line)), ...lines.filter(isSync)].join('\n'));
  for (const press of presses) expect(findUnprovenAck(doctored, press)).toMatch(/before an fsync/);
});

test('that judgement catches a journal whose fsync was taken out', async (context) => {
  const frozen = await ownRedis();
  const door = await startFrontDoor(frozen.redisUrl, 'without-sync');
  const link = await connectDevice(door.device);
  const strace = await attachStrace(context, [door.pid, frozen.pid()], WATCH);
  frozen.freeze();
  expect(await link.press({ type: 'sos', text: 'mark-a-' })).toBe(true);
  expect(await link.press({ type: 'sos', text: 'behind' })).toBe(true);
  const calls = parseTrace(await strace.detach());
  expect(findUnprovenAck(calls, { mark: 'mark-a-', messageId: 1 })).toMatch(/before an fsync/);
});
