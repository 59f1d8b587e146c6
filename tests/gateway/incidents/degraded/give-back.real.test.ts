import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../gateway/clock.ts';
import { choosePolicy } from '../../../../gateway/escalation/policies.ts';
import { createRemembered } from '../../../../gateway/history/remembered.ts';
import { createIncidents } from '../../../../gateway/incidents/incidents.ts';
import { createEventIds } from '../../../../gateway/ingest/event-ids.ts';
import { REDIS_KEYS } from '../../../../gateway/store/keys.ts';
import { scratchDir } from '../../../harness/scratch.ts';
import { until } from '../../../harness/until.ts';
import { openHistory } from '../../history/world.ts';
import { pressed, register } from '../build.ts';
import { connect, openGateway, silent } from '../world.ts';

/** Much longer than a decision takes, much shorter than the wait. */
const WOULD_RING_MS = 600;

/** A case that Postgres has and Redis has not, and a gateway without a memory of its own that begins on them. */
async function open() {
  const history = await openHistory();
  const { redisUrl, redis } = history;
  const before = await openGateway(redisUrl);
  const newId = createEventIds(systemClock);
  const press = (text: string) => pressed({ id: newId(), receivedAt: Date.now(), message: { text } });
  const { incidentId } = await before.decide(press('first'), null);
  await history.takeAll();
  await redis.flushall();
  await redis.set(REDIS_KEYS.lineage, 'life-2');

  let passedMs = 0;
  const telling = Promise.withResolvers<void>();
  const remembered = createRemembered(history.pool);
  const incidents = createIncidents({
    redis: { command: redis, dispatch: await connect(redisUrl, 'dispatch'), feed: await connect(redisUrl, 'feed') },
    ...{ dataDir: await scratchDir(), gatewayId: 'gw', choosePolicy, logger: silent },
    clock: { nowMs: systemClock.nowMs, monoMs: () => systemClock.monoMs() + passedMs },
    directory: () => register(),
    isAlarmLaneUp: () => true,
    unsettled: async function* () {},
    direct: () => null,
    // Postgres takes its time.
    otherMemory: {
      ...remembered,
      open: async function* () {
        await telling.promise;
        yield* remembered.open();
      },
    },
    loadArchived: () => Promise.resolve(null),
  });
  onTestFinished(() => incidents.stop());
  onTestFinished(() => telling.resolve());
  await incidents.start();
  return {
    incidentId,
    board: () => incidents.tail.board.open(),
    press: () => before.add(press('second')),
    pass: (ms: number) => void (passedMs += ms),
    tell: telling.resolve,
  };
}

test('a press that comes before Postgres has told of the open case waits for it, and joins it', async () => {
  const { incidentId, board, press, tell } = await open();
  await press();
  await delay(WOULD_RING_MS);
  expect(board()).toEqual([]);
  tell();
  await until(() => board().some(({ presses }) => presses === 2), { timeoutMs: 30_000, what: 'the second press' });
  expect(board().map(({ id }) => id)).toEqual([incidentId]);
});

test('a Postgres that does not tell keeps no press from ringing for longer than three seconds', async () => {
  const { incidentId, board, press, pass, tell } = await open();
  await press();
  await delay(WOULD_RING_MS);
  expect(board()).toEqual([]);
  pass(3000);
  await until(() => board().length === 1, { timeoutMs: 30_000, what: 'a case of its own' });
  expect(board()[0]?.id).not.toBe(incidentId);
  // Both stand when it is told.
  tell();
  await until(() => board().length === 2, { timeoutMs: 30_000, what: 'the case of before' });
});
