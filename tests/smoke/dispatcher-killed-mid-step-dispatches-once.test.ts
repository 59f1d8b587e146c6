import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { IncidentDetail } from '../../gateway/api/contract/incident.ts';
import { freePort } from '../harness/free-port.ts';
import { startGateway } from '../harness/gateway.ts';
import { createDatabase } from '../harness/postgres.ts';
import { createRedis } from '../harness/redis.ts';
import { createDice } from './world/dice.ts';
import { countByText, loadLedger } from './world/ledger.ts';
import { keepPressing } from './world/presser.ts';
import { addDevice, localClient } from './world/register.ts';

const ROUNDS = 5;
const DEVICES = 12;
/** So long that the other one has taken over what the dead one had read and not answered: 5 s, and one look. */
const TAKEN_OVER_MS = 15_000;

test('a gateway that dispatches is killed again and again while another lives: each alarm is dispatched once', async () => {
  const { roll } = createDice();
  const [{ redisUrl }, { databaseUrl }] = [await createRedis(), await createDatabase()];
  // Its consumer is known by its name, so that nobody takes it for another one's.
  const stays = await startGateway({ redisUrl, databaseUrl, env: { ZHUJI_GATEWAY_ID: 'stays' } });
  const env = { ZHUJI_GATEWAY_ID: 'dies', ZHUJI_MQTT_PORT: String(await freePort()) };
  let dies = await startGateway({ redisUrl, databaseUrl, env });
  const { dataDir } = dies;
  const devices = await Promise.all(Array.from({ length: DEVICES }, (_, n) => addDevice(dies, { id: `once-${n}` })));
  const pressers = devices.map((device) => keepPressing(device, 10));
  for (let round = 0; round < ROUNDS; round += 1) {
    await delay(300 + roll() * 700);
    await dies.kill9();
    // Half of the time what it had read is taken over before it is back.
    await delay(roll() < 0.25 ? 6_000 : roll() * 300);
    dies = await startGateway({ redisUrl, databaseUrl, dataDir, env });
  }
  await delay(500);
  await dies.kill9();
  const acked = pressers.flatMap((presser) => [...presser.acked]);
  // What it acknowledged and did not hand over lies in its journal.
  dies = await startGateway({ redisUrl, databaseUrl, dataDir, env });
  await Promise.all(pressers.map((presser) => presser.stop()));
  const all = pressers.flatMap((presser) => [...presser.acked]);
  expect(acked.length).toBeGreaterThan(ROUNDS * DEVICES);

  const counts = await countByText(stays, all, TAKEN_OVER_MS);
  expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
  // Each line of the log once as well: a step half done would have been done again.
  const client = localClient(stays);
  for (const id of new Set((await loadLedger(stays)).map(({ incidentId }) => incidentId))) {
    const { log, presses, alarms } = await client.request<IncidentDetail>('GET', `/incidents/${id}`);
    const received = log.filter(({ type }) => type === 'received').map(({ data }) => data['alarmId']);
    expect(received).toEqual([...new Set(received)]);
    expect(log.filter(({ type }) => type === 'opened')).toHaveLength(1);
    if (alarms.length < 500 && log.length < 1000) expect(presses).toBe(alarms.length);
  }
});
