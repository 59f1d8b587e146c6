import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freePort } from '../harness/free-port.ts';
import { startGateway, type GatewayOptions, type TestGateway } from '../harness/gateway.ts';
import { ownRedis } from '../harness/own-servers.ts';
import { killBelow, processesBelow } from '../harness/processes-below.ts';
import { createDice } from './world/dice.ts';
import { countByText, loadLedger } from './world/ledger.ts';
import { keepPressing, type Presser } from './world/presser.ts';
import { addDevice } from './world/register.ts';

const ROUNDS = 50;
const DEVICES = 20;
/** So few that all of a device's presses are in what the details of its one incident show (500), however fast the machine is. */
const PRESSES_EACH = 480;
/** A gateway lives at most so long; the rest of a round is its start. */
const LIFE_MS = 400;
/** A start takes about this long; some of them are killed before their end. */
const START_MS = 1200;

async function startPressers(gateway: TestGateway): Promise<Presser[]> {
  const devices = await Promise.all(Array.from({ length: DEVICES }, (_, n) => addDevice(gateway, { id: `d${n}` })));
  return devices.map((device) => keepPressing(device, undefined, PRESSES_EACH));
}

/** Every acknowledged alarm is in exactly one incident, and nothing is there twice. Answers how many there are. */
async function expectAllOnce(gateway: TestGateway, pressers: readonly Presser[]): Promise<number> {
  await Promise.all(pressers.map((presser) => presser.stop()));
  const acked = pressers.flatMap((presser) => [...presser.acked]);
  const counts = await countByText(gateway, acked, 30_000).catch((cause: unknown) => {
    throw new Error(`Not every acknowledged alarm is in an incident; the gateway says:\n${gateway.stderr()}`, {
      cause,
    });
  });
  expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
  expect(counts.size).toBe(acked.length);
  return (await loadLedger(gateway)).length;
}

/** Starts one that is killed after `afterMs`, whether it listens by then or not. */
async function startDoomed(options: GatewayOptions, afterMs: number): Promise<void> {
  const prefix = ['timeout', '-s', 'KILL', String(afterMs / 1000)];
  await startGateway({ ...options, prefix }).catch((error: unknown) => {
    if (!(error instanceof Error) || !/ended with (SIGKILL|137)/.test(error.message)) throw error;
  });
}

test(`a gateway killed ${ROUNDS} times at random moments loses and doubles nothing`, { timeout: 800_000 }, async () => {
  const { roll } = createDice();
  const redis = await ownRedis();
  const env = { ZHUJI_MQTT_PORT: String(await freePort()) };
  let gateway = await startGateway({ redisUrl: redis.redisUrl, env });
  const options = { dataDir: gateway.dataDir, databaseUrl: gateway.databaseUrl ?? '', redisUrl: redis.redisUrl, env };
  const pressers = await startPressers(gateway);

  for (let round = 1; round <= ROUNDS; round += 1) {
    await delay(roll() * LIFE_MS);
    if (roll() < 0.5) {
      // What is acknowledged from now on is in the journal alone.
      redis.freeze();
      await delay((roll() * LIFE_MS) / 2);
    }
    await gateway.kill9();
    redis.thaw();
    if (roll() < 0.2) await startDoomed(options, roll() * START_MS);
    gateway = await startGateway(options);
  }

  const alarms = await expectAllOnce(gateway, pressers);
  const cutOff = pressers.reduce((sum, presser) => sum + presser.cutOff(), 0);
  console.log(`${alarms} alarms, ${cutOff} of them cut off by a kill`);
  // Else nothing was tried.
  expect(alarms).toBeGreaterThan(4 * ROUNDS);
  expect(cutOff).toBeGreaterThan(ROUNDS);
});

test('the same with its own servers: adopted when they live, recovered when they were killed too', async () => {
  const { roll } = createDice();
  const env = { ZHUJI_MQTT_PORT: String(await freePort()) };
  let gateway = await startGateway({ embedded: true, env });
  const { dataDir } = gateway;
  const pressers = await startPressers(gateway);

  for (const isPowerCut of [false, true, false, true]) {
    await delay(roll() * LIFE_MS);
    await gateway.kill9();
    expect(processesBelow(dataDir)).not.toEqual([]);
    if (isPowerCut) await killBelow(dataDir);
    gateway = await startGateway({ dataDir, embedded: true, env });
    expect(gateway.stderr().includes('embedded server adopted')).toBe(!isPowerCut);
  }
  expect(await expectAllOnce(gateway, pressers)).toBeGreaterThan(10);
});
