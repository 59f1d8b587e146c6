import { expect, test } from 'vitest';
import { failureOf, type Failure, type Result } from '../../../dashboard/api/failure.ts';
import { RegisterCache } from '../../../dashboard/register/cache.ts';
import { buildResident } from '../build-incident.ts';
import { settle } from '../manual-timers.ts';

function createWorld() {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const world = { nowMs: 0, failure: null as Failure | null, holds: false, name: 'Old Li' };
  const cache = new RegisterCache(
    {
      get: async <T>(path: string): Promise<Result<T>> => {
        asked.push(path);
        if (world.holds) await new Promise<void>((go) => waiting.push(go));
        if (world.failure !== null) return { ok: false, failure: world.failure };
        return { ok: true, value: buildResident({ id: path.split('/')[2] ?? '', name: world.name }) as T };
      },
    },
    () => world.nowMs,
  );
  return { cache, asked, waiting, world };
}

test('one question for however many rows ask', async () => {
  const { cache, asked } = createWorld();
  cache.want('residents', 'r1');
  cache.want('residents', 'r1');
  await settle();
  cache.want('residents', 'r1');
  expect(asked).toEqual(['/residents/r1']);
  expect(cache.get('residents', 'r1')).toMatchObject({ state: 'known', value: { name: 'Old Li' } });
});

test('a flood of rows asks three at a time, and an opened case goes first', async () => {
  const { cache, asked, waiting, world } = createWorld();
  world.holds = true;
  for (let i = 0; i < 100; i += 1) cache.want('residents', `r${i}`);
  expect(asked).toHaveLength(3);
  cache.refresh('residents', 'opened');
  waiting.shift()?.();
  await settle();
  expect(asked.at(-1)).toBe('/residents/opened');
});

test('what waits to be read anew is read once, however often that was asked for', async () => {
  const { cache, asked, waiting, world } = createWorld();
  world.holds = true;
  for (const id of ['r1', 'r2', 'r3']) cache.want('residents', id);
  for (let minute = 0; minute < 5; minute += 1) cache.refresh('devices', 'd1');
  cache.want('devices', 'd1');
  for (let turn = 0; turn < 9; turn += 1) {
    waiting.shift()?.();
    await settle();
  }
  expect(asked.filter((path) => path === '/devices/d1')).toHaveLength(1);
});

test('what could not be read is asked again after a while; what is not there is not', async () => {
  const { cache, asked, world } = createWorld();
  world.failure = failureOf('network');
  cache.want('residents', 'r1');
  await settle();
  expect(cache.get('residents', 'r1').state).toBe('failed');
  cache.want('residents', 'r1');
  expect(asked).toHaveLength(1);
  world.nowMs = 5000;
  world.failure = failureOf('not-found');
  cache.want('residents', 'r1');
  await settle();
  expect(cache.get('residents', 'r1').state).toBe('missing');
  world.nowMs = 60_000;
  cache.want('residents', 'r1');
  expect(asked).toHaveLength(2);
});

test('what is known stays on the screen while it is read anew, also when that fails', async () => {
  const { cache, world } = createWorld();
  cache.want('residents', 'r1');
  await settle();
  world.failure = failureOf('network');
  cache.refresh('residents', 'r1');
  expect(cache.get('residents', 'r1').state).toBe('known');
  await settle();
  expect(cache.get('residents', 'r1').state).toBe('known');
});

test('the next person at the console starts with nothing of the last one', async () => {
  const { cache } = createWorld();
  cache.want('residents', 'r1');
  await settle();
  cache.clear();
  expect(cache.get('residents', 'r1').state).toBe('loading');
});
