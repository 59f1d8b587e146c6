import { expect, test } from 'vitest';
import { systemClock } from '../../../gateway/clock.ts';
import { createProjector } from '../../../gateway/history/projector.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { silent } from '../incidents/world.ts';
import { addNote, openHistory } from './world.ts';

test('a projector that works through a backlog page by page is late, not stuck', async () => {
  const world = await openHistory();
  for (let n = 0; n < 450; n += 1) await addNote(world.redis, { at: n, type: 'log-in', actor: 'user:u1', data: {} });
  let now = 0;
  const seen: unknown[] = [];
  const takers = [
    {
      stream: REDIS_KEYS.audit,
      prepare: () => {
        seen.push([projector.lastRunMonoMs(), projector.check().detail]);
        // Each page takes long, but comes to its end.
        now += 25_000;
        return Promise.resolve(() => Promise.resolve());
      },
    },
  ];
  const clock = { ...systemClock, monoMs: () => now };
  const projector = createProjector({ ...world, clock, logger: silent, takers });
  await projector.catchUp();
  expect(seen).toEqual([
    [null, 'the history is written'],
    [25_000, '25 s behind'],
    [50_000, '50 s behind'],
  ]);
  expect(projector.lastRunMonoMs()).toBe(75_000);
  expect(projector.check().status).toBe('ok');
});
