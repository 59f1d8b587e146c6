import { expect, test } from 'vitest';
import { createRunner } from '../../../devices/links/runner.ts';

/** A runner whose starts and stops end when the test says so. */
function world() {
  const told: string[] = [];
  const starts: PromiseWithResolvers<void>[] = [];
  const stops: PromiseWithResolvers<void>[] = [];
  const runner = createRunner(async () => {
    const number = starts.push(Promise.withResolvers<void>());
    told.push(`start ${number}`);
    await starts[number - 1]?.promise;
    return {
      number,
      stop: () => {
        told.push(`stop ${number}`);
        const stop = Promise.withResolvers<void>();
        stops.push(stop);
        return stop.promise;
      },
    };
  });
  return { runner, told, starts, stops };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('begins once, stops once, and begins again when the stop is over', async () => {
  const { runner, told, starts, stops } = world();
  const both = [runner.start(), runner.start()];
  await turn();
  expect(runner.running()).toBeUndefined();
  starts[0]?.resolve();
  expect(await both[0]).toBe(await both[1]);
  expect(runner.running()?.number).toBe(1);
  const stopped = [runner.stop(), runner.stop()];
  const again = runner.start();
  await turn();
  expect(runner.running()).toBeUndefined();
  expect(told).toEqual(['start 1', 'stop 1']);
  stops[0]?.resolve();
  await Promise.all(stopped);
  await turn();
  starts[1]?.resolve();
  expect((await again).number).toBe(2);
  expect(told).toEqual(['start 1', 'stop 1', 'start 2']);
});

test('what is still starting is stopped when it runs', async () => {
  const { runner, told, starts, stops } = world();
  const starting = runner.start();
  const stopped = runner.stop();
  await turn();
  starts[0]?.resolve();
  await starting;
  await turn();
  stops[0]?.resolve();
  await stopped;
  expect(told).toEqual(['start 1', 'stop 1']);
  expect(runner.running()).toBeUndefined();
});

test('a start that fails is told to who asked, is stopped without a word, and may be tried again', async () => {
  const { runner, starts } = world();
  for (const isStopped of [false, true]) {
    const failed = runner.start();
    const stopped = isStopped ? runner.stop() : Promise.resolve();
    await turn();
    starts.at(-1)?.reject(new Error('the port is taken'));
    await expect(failed).rejects.toThrow('the port is taken');
    await stopped;
  }
  const again = runner.start();
  await turn();
  starts[2]?.resolve();
  expect((await again).number).toBe(3);
});
