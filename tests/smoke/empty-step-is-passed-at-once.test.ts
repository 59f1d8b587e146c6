import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startReceiver } from '../harness/receiver.ts';
import { until } from '../harness/until.ts';
import { comeOnDuty } from './world/attendance.ts';
import { listSteps, loadCase, untilReached } from './world/ladder.ts';
import { hire } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee } from './world/world.ts';

/** A look, a commit, and a machine with much to do; the next step is 15 s away. */
const LATE_MS = 12_000;

test('there is no supervisor: the helper is called at 30 s, in the place of the step that would reach nobody', async () => {
  const webhook = await startReceiver();
  const hook = { ZHUJI_WEBHOOK_URL: webhook.url, ZHUJI_WEBHOOK_SECRET: 'shared-with-the-webhook' };
  const { gateway, admin, operator, feed } = await openWorld({ env: { ...hook, ZHUJI_PRESENCE_S: '2' } });
  const helper = await hire(gateway, admin, { username: 'helper', roles: ['helper'] });
  await helper.ask('PUT', '/duty', { on: true, sound: true });
  await comeOnDuty(operator);
  // The admin who made all this would be a supervisor; that console is closed.
  await delay(4_000);

  const { incident } = await pressAndSee(feed, await addDevice(gateway), { type: 'sos' });
  const { id } = incident;
  const steps = await untilReached(gateway, id, 'duty-helpers', 60_000);
  expect(steps.map(({ step, isEmpty }) => `${step}${isEmpty ? ' (nobody)' : ''}`)).toEqual([
    'duty-operators',
    'contacts (nobody)',
    'all-operators',
    'supervisors (nobody)',
    'duty-helpers',
  ]);
  const [duty, contacts, all, supervisors, helpers] = steps.map(({ afterMs }) => afterMs);
  // That no contact chose to be told brings nobody else in earlier.
  expect(Math.max(duty ?? Infinity, contacts ?? Infinity)).toBeLessThan(LATE_MS);
  expect(all).toBeGreaterThan(14_750);
  expect(supervisors).toBeGreaterThan(29_750);
  expect(supervisors).toBeLessThan(30_000 + LATE_MS);
  // The ring of the same moment may come between them: a look later.
  expect((helpers ?? Infinity) - (supervisors ?? 0)).toBeLessThan(LATE_MS);
  await until(() => webhook.requests.some(({ body }) => body.includes(helper.user.id)), {
    timeoutMs: 30_000,
    what: 'the call',
  });
  expect(listSteps(await loadCase(gateway, id))).toHaveLength(5);
});
