import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { IncidentPage } from '../../gateway/api/contract/incident.ts';
import { startGateway } from '../harness/gateway.ts';
import { ownRedis } from '../harness/own-servers.ts';
import { until } from '../harness/until.ts';
import { countByText, loadLedger } from './world/ledger.ts';
import { keepPressing } from './world/presser.ts';
import { addDevice, localClient } from './world/register.ts';

const DEVICES = 8;
/** Presses go on for so long in each state of Redis. */
const SPAN_MS = 300;

async function startWorld() {
  const redis = await ownRedis();
  const gateway = await startGateway({ redisUrl: redis.redisUrl });
  const devices = await Promise.all(Array.from({ length: DEVICES }, (_, n) => addDevice(gateway, { id: `d${n}` })));
  const pressers = devices.map((device) => keepPressing(device));
  const countAcked = () => pressers.reduce((sum, { acked }) => sum + acked.size, 0);
  await delay(SPAN_MS);

  return {
    ...redis,
    countAcked,
    data: join(redis.folder, 'redis'),
    /** With Redis away: alarms are acknowledged all the same. */
    expectAcks: async () => {
      const before = countAcked();
      await until(() => countAcked() > before + DEVICES, { timeoutMs: 30_000, what: 'acknowledgements without Redis' });
    },
    /** Every acknowledged alarm is in exactly one incident, on the list of open ones as in the store, of one process. */
    expectAllOnce: async () => {
      await delay(SPAN_MS);
      await Promise.all(pressers.map((presser) => presser.stop()));
      const acked = pressers.flatMap((presser) => [...presser.acked]);
      const counts = await countByText(gateway, acked, 30_000);
      expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
      expect(counts.size).toBe(acked.length);
      const open = await localClient(gateway).request<IncidentPage>('GET', '/incidents');
      // What the gateway raises about itself is of no device.
      const pressed = open.items.filter(({ deviceId }) => deviceId !== null);
      const ledger = (await loadLedger(gateway)).filter(({ alarm }) => alarm.deviceId !== null);
      expect(new Set(pressed.map(({ id }) => id))).toEqual(new Set(ledger.map(({ incidentId }) => incidentId)));
      expect(pressed.reduce((sum, { presses }) => sum + presses, 0)).toBe(acked.length);
      expect((await gateway.stop()).code).toBe(0);
    },
  };
}

test('Redis killed or restarted in a stream of presses loses and doubles nothing', async () => {
  const world = await startWorld();
  for (const end of [world.kill9, world.stop, world.kill9, world.kill9]) {
    await end();
    await world.expectAcks();
    await world.start();
    await delay(SPAN_MS);
  }
  await world.expectAllOnce();
});

test('a Redis that comes back empty is filled from the journal', async () => {
  const world = await startWorld();
  await world.kill9();
  await world.expectAcks();
  await rm(join(world.data, 'appendonlydir'), { recursive: true });
  await world.start();
  await world.expectAllOnce();
});

test('a Redis that comes back as it was earlier is filled from the journal', async () => {
  const world = await startWorld();
  await world.stop();
  const backup = `${world.data}-backup`;
  await cp(world.data, backup, { recursive: true });
  await world.start();
  const before = world.countAcked();
  await until(() => world.countAcked() > before + 50, { timeoutMs: 30_000, what: 'alarms that the backup has not' });
  await world.kill9();
  await rm(world.data, { recursive: true });
  await cp(backup, world.data, { recursive: true });
  await world.start();
  await world.expectAllOnce();
});
