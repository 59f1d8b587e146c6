import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { soon, startWorld } from './world.ts';

describe('the receiver', () => {
  test('starts and stops twice, on one number for TCP and UDP', async () => {
    const world = await startWorld();
    expect(await world.link.start()).toEqual({ port: world.port });
    await world.link.stop();
    await world.link.stop();
    expect(world.link.health().status).toBe('failed');
    const { port } = await world.link.start();
    expect(world.link.health().status).toBe('ok');
    expect(port).toBeGreaterThan(0);
  });

  test('tells that its number is taken, by whichever of the two', async () => {
    const first = await startWorld();
    await expect(startWorld({ port: first.port })).rejects.toMatchObject({ code: 'port-in-use' });
  });

  test('lets alarms at the door settle when it stops, and answers them', async () => {
    const world = await startWorld({ limits: { stopGraceMs: 30_000 } });
    const { promise, resolve } = Promise.withResolvers<void>();
    world.door = () => promise;
    const pressed = world.panel().press();
    await soon(() => world.arrivals.length === 1, 'the alarm at the door');
    const stopping = world.link.stop();
    resolve();
    expect((await pressed).token).toBe('ACK');
    await stopping;
    await expect(refused(world.port)).resolves.toBe('ECONNREFUSED');
  });

  test('ends all the same when the door never answers', async () => {
    const world = await startWorld();
    world.door = () => Promise.withResolvers<never>().promise;
    const panel = world.panel();
    const pressed = panel.press().catch(() => 'stopped');
    await soon(() => world.arrivals.length === 1, 'the alarm at the door');
    await world.link.stop();
    await panel.stop();
    expect(await pressed).toBe('stopped');
  });

  test('traces each frame with what it meant and the events that it became', async () => {
    const world = await startWorld();
    const panel = world.panel();
    await panel.press();
    await panel.poll();
    await soon(() => world.traced.length === 4, 'four frames');
    const told = world.traced.map(({ direction, deviceId, eventIds }) => [direction, deviceId, eventIds]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['in', 'panel-1', ['event-1']],
        ['in', 'panel-1', undefined],
        ['out', 'panel-1', undefined],
      ]),
    );
    // The poll and its answer; the press and its answer are no mere sign of life.
    const beats = world.traced.filter(({ isSignOfLife }) => isSignOfLife);
    expect(beats.map(({ direction }) => direction)).toEqual(['in', 'out']);
  });

  test('answers before it tells the trace', async () => {
    const ackedByThen: number[] = [];
    const world = await startWorld({
      trace: { frame: () => void ackedByThen.push(world.link.health().counters.acked) },
    });
    const panel = world.panel();
    await panel.press();
    await panel.poll();
    await soon(() => ackedByThen.length === 4, 'two frames and their answers');
    expect(ackedByThen).toEqual([1, 1, 2, 2]);
  });
});

function refused(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve('connected'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}
