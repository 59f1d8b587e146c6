import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startGateway } from '../harness/gateway.ts';
import { listSteps, loadCase, untilReached } from './world/ladder.ts';
import { comeOnDuty } from './world/attendance.ts';
import { logIn, logInAsAdmin, type Operator } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee } from './world/world.ts';

/** A look, a commit, and a machine with much to do; whoever counted anew from a start would be 15 s late. */
const LATE_MS = 12_000;

/** Real seconds: the clocks of a start are what is tested. */
test('deadlines run on over kill -9: each step comes at its time from the press, and none comes twice', async () => {
  const { gateway, admin, operator, feed } = await openWorld();
  const { dataDir, redisUrl = '', databaseUrl = '' } = gateway;
  const password = 'a password of its own';
  await admin.post('/users', { username: 'night', password, roles: ['supervisor'], regions: ['*'] });
  await comeOnDuty(operator);
  const night = await logIn(gateway, { username: 'night', password });
  await comeOnDuty(night);
  const { incident: waiting } = await pressAndSee(feed, await addDevice(gateway), { type: 'sos' });
  const { incident: claimed } = await pressAndSee(feed, await addDevice(gateway), { type: 'sos' });
  const { next } = await operator.act(claimed.id, 'claim', {});
  await untilReached(gateway, waiting.id, 'duty-operators', 30_000);

  await gateway.kill9();
  await delay(2_000);
  const second = await startGateway({ dataDir, redisUrl, databaseUrl });
  // Sessions outlive a restart; the consoles come back by themselves.
  const again: Operator = await logIn(second, { username: 'night', password });
  await comeOnDuty(again);
  const sincePressMs = (): number => Date.now() - Date.parse(waiting.openedAt);
  const backMs = sincePressMs();
  const everybody = await untilReached(second, waiting.id, 'all-operators', 45_000);
  const first = everybody.find(({ step }) => step === 'all-operators');
  expect(first?.afterMs).toBeGreaterThan(15_000 - 250);
  expect(first?.afterMs).toBeLessThan(Math.max(15_000, backMs) + LATE_MS);
  expect((await loadCase(second, claimed.id)).next).toEqual(next);

  await second.kill9();
  const third = await startGateway({ dataDir, redisUrl, databaseUrl });
  await comeOnDuty(await logIn(third, { username: 'night', password }));
  const backAgainMs = sincePressMs();
  const steps = await untilReached(third, waiting.id, 'supervisors', 45_000);
  const supervisors = steps.find(({ step }) => step === 'supervisors');
  expect(supervisors?.afterMs).toBeGreaterThan(30_000 - 250);
  expect(supervisors?.afterMs).toBeLessThan(Math.max(30_000, backAgainMs) + LATE_MS);
  const reached = listSteps(await loadCase(third, waiting.id)).filter(({ isEmpty }) => !isEmpty);
  expect(reached.map(({ step }) => step)).toEqual(['duty-operators', 'all-operators', 'supervisors']);
});

test('what fell due while no gateway ran is made up for at the start', async () => {
  const { gateway, feed } = await openWorld();
  const { dataDir, redisUrl = '', databaseUrl = '' } = gateway;
  const { incident } = await pressAndSee(feed, await addDevice(gateway), { type: 'sos' });
  await gateway.kill9();
  await delay(17_000);
  const startedAt = Date.now();
  const second = await startGateway({ dataDir, redisUrl, databaseUrl });
  const listensAt = Date.now();
  const admin = await logInAsAdmin(second);
  const again = await admin.listen({ after: '0-0' });
  const rang = await again.until(
    ({ entry, incident: { id } }) => id === incident.id && entry.type === 'rang' && Date.parse(entry.at) >= startedAt,
    'the ring that was missed',
    30_000,
  );
  expect(Date.parse(rang.entry.at) - listensAt).toBeLessThan(LATE_MS);
});
