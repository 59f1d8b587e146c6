import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startGateway, type GatewayOptions, type TestGateway } from '../harness/gateway.ts';
import { signal } from '../harness/processes-below.ts';
import { until } from '../harness/until.ts';
import { connectDevice } from './world/device.ts';
import { countByText } from './world/ledger.ts';
import { logInAsAdmin } from './world/operator.ts';
import { dc09PortOf, openPanel } from './world/panel.ts';
import { addDevice } from './world/register.ts';
import { workerOf, workersOf } from './world/workers.ts';

/** The promise is 2 s (design §4 Time); a machine with much to do needs longer for a start. */
const RESTARTED_MS = 10_000;
/** Silent for 10 s the keeper takes a worker for dead. */
const STILL_MS = 12_000;

const KEPT: GatewayOptions = { env: { ZHUJI_KEEPER: 'on' } };

function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

const newWorker = (gateway: TestGateway, old: number, timeoutMs: number): Promise<number> =>
  until(() => workersOf(gateway).find((pid) => pid !== old), { timeoutMs, what: 'another worker' });

test('a worker that is killed is there again at once, on the same ports, and the gateway says that it died', async () => {
  const gateway = await startGateway({ env: { ...KEPT.env, ZHUJI_DC09_PORT: '0' } });
  const device = await addDevice(gateway);
  const panel = openPanel(dc09PortOf(gateway), { account: '1001', timing: { retryMs: 200 } });
  expect(await panel.poll()).toMatchObject({ token: 'ACK' });
  expect(await (await connectDevice(device)).press({ type: 'sos', text: 'before' })).toBe(true);
  const old = workerOf(gateway);
  expect(old).not.toBe(gateway.pid);
  const killedAt = performance.now();
  signal(old, 'SIGKILL');
  const worker = await newWorker(gateway, old, RESTARTED_MS);
  const press = async (): Promise<boolean> => (await connectDevice(device)).press({ type: 'sos', text: 'after' });
  await until(press, { timeoutMs: 30_000, what: 'an acknowledged press' });
  console.log(`a press was taken ${Math.round(performance.now() - killedAt)} ms after the worker was killed`);
  expect(worker).not.toBe(old);
  expect(await panel.poll()).toMatchObject({ token: 'ACK' });
  const counts = await countByText(gateway, ['before', 'after']);
  expect(counts.get('before')).toBe(1);
  const admin = await logInAsAdmin(gateway);
  const isTold = async (): Promise<boolean> => {
    const told = (await admin.list()).items.filter(({ type }) => type === 'system');
    const texts = await Promise.all(told.map(async ({ id }) => (await admin.detail(id)).alarms[0]?.text));
    return texts.some((text) => text?.includes('SIGKILL'));
  };
  await until(isTold, { timeoutMs: 30_000, what: 'an incident about the death' });
  // Told once: whoever reads the line holds the pid of the keeper, which is the same.
  expect(gateway.stdout().trim().split('\n')).toHaveLength(1);
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
  expect(isThere(worker)).toBe(false);
});

test('a worker that stands still is replaced; one on a machine that stood still is not', async () => {
  const [still, frozen] = [await startGateway(KEPT), await startGateway(KEPT)];
  const [stuck, innocent] = [workerOf(still), workerOf(frozen)];
  signal(stuck, 'SIGSTOP');
  for (const pid of [frozen.pid, innocent]) signal(pid, 'SIGSTOP');
  await newWorker(still, stuck, STILL_MS + RESTARTED_MS);
  await delay(2_000);
  for (const pid of [innocent, frozen.pid]) signal(pid, 'SIGCONT');
  await until(async () => (await fetch(`${still.httpUrl}/healthz`)).ok, {
    timeoutMs: 30_000,
    what: 'the new worker',
  });
  await delay(1_500);
  expect(workersOf(frozen)).toEqual([innocent]);
  expect((await fetch(`${frozen.httpUrl}/healthz`)).status).toBe(200);
  expect((await still.stop()).code).toBe(0);
  expect((await frozen.stop()).code).toBe(0);
});

test('when the keeper itself is killed nothing of the gateway is left, and the next one starts on its data', async () => {
  // As outside the tests, which have theirs elsewhere.
  const gateway = await startGateway({ env: { ...KEPT.env, NODE_COMPILE_CACHE: '' } });
  const compiled = readdirSync(join(gateway.dataDir, 'compile-cache'), { recursive: true });
  expect(compiled.length).toBeGreaterThan(100);
  const worker = workerOf(gateway);
  await gateway.kill9();
  await until(() => !isThere(worker), { timeoutMs: 30_000, what: 'the end of the worker' });
  const again = await startGateway({
    ...KEPT,
    dataDir: gateway.dataDir,
    redisUrl: gateway.redisUrl ?? '',
    databaseUrl: gateway.databaseUrl ?? '',
  });
  // A second keeper is told whom to end, and ends by itself.
  const refused = await startGateway({ ...KEPT, dataDir: gateway.dataDir }).catch((error: unknown) => error);
  expect(String(refused)).toContain(`process ${again.pid}`);
  expect((await again.stop()).code).toBe(0);
});
