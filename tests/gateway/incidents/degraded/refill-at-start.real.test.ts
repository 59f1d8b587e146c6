import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../gateway/clock.ts';
import { createDegraded } from '../../../../gateway/incidents/degraded/degraded.ts';
import { lineFile } from '../../../../gateway/incidents/degraded/line-file.ts';
import { createMemoryFile } from '../../../../gateway/incidents/degraded/memory-file.ts';
import { createMirror } from '../../../../gateway/incidents/degraded/mirror.ts';
import { INCIDENT_KEYS } from '../../../../gateway/incidents/keys.ts';
import { StoreError } from '../../../../gateway/store/store-error.ts';
import { createRedis } from '../../../harness/redis.ts';
import { pressed, register } from '../build.ts';
import { openGateway, silent } from '../world.ts';

/** Postgres is away too. */
const away = () => Promise.reject(new StoreError('read', 'unavailable'));
const awayPages = (): AsyncIterable<never> => ({ [Symbol.asyncIterator]: () => ({ next: away }) });

test('a Redis that is found empty before the start is given the marks from disk, so that no old alarm rings again', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'zhuji-refill-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const { redis, decide } = await openGateway((await createRedis()).redisUrl);

  // The run before this one has a case in memory and on disk.
  const old = pressed();
  const incidentId = (await decide(old, null)).incidentId ?? '';
  const file = lineFile(join(dataDir, 'degraded', 'open-incidents.jsonl'));
  const memoryFile = createMemoryFile({ file, clock: systemClock, logger: silent });
  const space = await memoryFile.load();
  const mirror = createMirror({ space, redis, clock: systemClock, logger: silent, note: memoryFile.note });
  memoryFile.start(space);
  await mirror.load([incidentId]);
  await memoryFile.stop();
  await redis.flushall();

  const degraded = createDegraded({
    ...{ dataDir, redis, gatewayId: 'gw', clock: systemClock, logger: silent },
    isAlarmLaneUp: () => true,
    unsettled: awayPages,
    direct: () => null,
    otherMemory: {
      ...{ open: awayPages, closed: awayPages, decided: awayPages },
      ...{ find: away, load: away, lastErasure: away, erasedOf: away },
    },
    directory: () => register(),
  });
  await degraded.refill();
  expect(await redis.get(INCIDENT_KEYS.seen(old.id))).toBe(incidentId);
  const { incidentId: again } = await decide(old, null);
  expect(again).toBe(incidentId);
  expect((await degraded.there.loadOpen()).map(({ id, presses }) => [id, presses])).toEqual([[incidentId, 1]]);
});
