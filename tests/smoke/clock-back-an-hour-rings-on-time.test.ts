import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { comeOnDuty } from './world/attendance.ts';
import type { Feed } from './world/feed.ts';
import { addDevice } from './world/register.ts';
import { timeMachine } from './world/time-machine.ts';
import { openWorld, pressAndSee } from './world/world.ts';

const HOUR = 3_600_000;
/** A look, a commit, and a machine with much to do; the next step is 15 s away. */
const LATE_MS = 12_000;

/** Which step rang, and how many real milliseconds after the press it was heard. */
async function untilRang(feed: Feed, id: string, step: string, since: number): Promise<number> {
  await feed.until(
    ({ entry, incident }) => incident.id === id && entry.type === 'rang' && entry.data['step'] === step,
    `the ring of ${step}`,
    60_000,
  );
  return performance.now() - since;
}

/** Real seconds, for there is no clock left that could be moved to test this; Redis's clock: `clock-of-redis.test.ts`. */
test('somebody sets the gateway’s clock back an hour: every step comes at its time, before and after', async () => {
  const time = await timeMachine('wall');
  const { gateway, admin, operator, feed } = await openWorld({ env: time.env });
  await comeOnDuty(operator);
  await comeOnDuty(admin);
  const press = async () => {
    const { incident } = await pressAndSee(feed, await addDevice(gateway), { type: 'sos' });
    return { id: incident.id, since: performance.now() };
  };
  const before = await press();
  await delay(3_000);
  await time.fastForward(-HOUR);
  const after = await press();
  const claimed = await press();
  await operator.act(claimed.id, 'claim', {});
  await delay(3_000);
  await time.fastForward(-HOUR);
  for (const [step, dueMs] of [
    ['all-operators', 15_000],
    ['supervisors', 30_000],
  ] as const) {
    for (const { id, since } of [before, after]) {
      const heardMs = await untilRang(feed, id, step, since);
      // From `pressAndSee` on a little of it has passed already.
      expect(heardMs).toBeGreaterThan(dueMs - 1_500);
      expect(heardMs).toBeLessThan(dueMs + LATE_MS);
    }
  }
  const rang = feed.incidents.filter(({ incident, entry }) => incident.id === claimed.id && entry.type === 'rang');
  expect(rang.map(({ entry }) => entry.data['step'] ?? entry.data['reason'])).toEqual(['opened', 'duty-operators']);
});
