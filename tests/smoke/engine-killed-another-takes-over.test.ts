import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startGateway } from '../harness/gateway.ts';
import { comeOnDuty } from './world/attendance.ts';
import { listSteps, loadCase, untilReached } from './world/ladder.ts';
import { logInAsAdmin } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee } from './world/world.ts';

/** A look, a commit, and a machine with much to do; the next step is 15 s away. */
const LATE_MS = 12_000;

test('the gateway that took the press is killed: the other one goes on with the ladder, on time and each step once', async () => {
  const first = await openWorld();
  const { redisUrl = '', databaseUrl = '' } = first.gateway;
  const second = await startGateway({ redisUrl, databaseUrl, env: { ZHUJI_GATEWAY_ID: 'second' } });
  const admin = await logInAsAdmin(second);
  await comeOnDuty(admin);
  await comeOnDuty(first.operator);
  const feed = await admin.listen();
  const { incident } = await pressAndSee(first.feed, await addDevice(first.gateway), { type: 'sos' });
  const { id } = incident;
  await feed.until((item) => item.incident.id === id && item.entry.type === 'opened', 'the press at the other gateway');
  await delay(5_000);
  await first.gateway.kill9();

  const steps = await untilReached(second, id, 'supervisors', 60_000);
  const times = new Map(steps.filter(({ isEmpty }) => !isEmpty).map(({ step, afterMs }) => [step, afterMs]));
  for (const [step, atMs] of [
    ['duty-operators', 0],
    ['all-operators', 15_000],
    ['supervisors', 30_000],
  ] as const) {
    expect(times.get(step)).toBeGreaterThan(atMs - 250);
    expect(times.get(step)).toBeLessThan(atMs + LATE_MS);
  }
  // Passed over by whoever is left, once.
  await delay(1_000);
  const all = listSteps(await loadCase(second, id)).map(({ step }) => step);
  expect(all).toEqual([...new Set(all)]);
  const rang = feed.incidents.filter(({ entry, incident: of }) => of.id === id && entry.type === 'rang');
  expect(rang.map(({ entry }) => entry.data['step'] ?? entry.data['reason'])).toEqual([
    'opened',
    'duty-operators',
    'all-operators',
    'supervisors',
  ]);
});
