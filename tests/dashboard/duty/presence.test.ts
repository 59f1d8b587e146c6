import { expect, test } from 'vitest';
import { failureOf, type Result } from '../../../dashboard/api/failure.ts';
import { Presence } from '../../../dashboard/duty/presence.ts';
import type { FromWorker } from '../../../dashboard/feed/messages.ts';
import { ManualTimers, settle } from '../manual-timers.ts';

/** Answers as the gateway does: it remembers duty, a heartbeat tells it. */
function createWorld() {
  const timers = new ManualTimers();
  const sent: string[] = [];
  const posted: FromWorker[] = [];
  const world = { duty: { on: false, sound: false }, isSaid: true, isHeardElsewhere: false, isLive: true, isUp: true };
  const presence = new Presence({
    api: {
      send: <T>(method: string, path: string, body?: unknown) => {
        sent.push(`${method} ${path} ${body === undefined ? '' : JSON.stringify(body)}`.trim());
        if (!world.isUp) return Promise.resolve<Result<T>>({ ok: false, failure: failureOf('network') });
        if (method === 'PUT') Object.assign(world, { duty: body, isSaid: true });
        const { on, sound } = world.duty;
        const told = { on, sound: sound || world.isHeardElsewhere, soundHere: sound, said: world.isSaid };
        return Promise.resolve({ ok: true, value: { userId: 'u1', ...told, lastHeartbeatAt: null } as T });
      },
    },
    timers,
    isLive: () => world.isLive,
    post: (message) => posted.push(message),
  });
  return { presence, timers, sent, posted, world };
}

test('a heartbeat goes out every ten seconds', async () => {
  const { presence, timers, sent } = createWorld();
  presence.start();
  presence.start();
  await timers.pass(30_000);
  expect(sent.filter((line) => line === 'POST /duty/heartbeat')).toHaveLength(4);
});

test('a console that sees nothing is not present', async () => {
  const { presence, timers, sent, world } = createWorld();
  presence.start();
  await settle();
  world.isLive = false;
  await timers.pass(60_000);
  expect(sent).toHaveLength(1);
  world.isLive = true;
  await timers.pass(10_000);
  expect(sent).toHaveLength(2);
});

test('duty with proven sound is told at once, and only when it changes', async () => {
  const { presence, timers, sent } = createWorld();
  presence.start();
  await settle();
  presence.want(true, true);
  await settle();
  presence.want(null, true);
  await timers.pass(20_000);
  expect(sent.filter((line) => line.startsWith('PUT'))).toEqual(['PUT /duty {"on":true,"sound":true}']);
});

test('after a reload the gateway still has us on duty: it is told that nobody has heard this console yet', async () => {
  const { presence, sent, world } = createWorld();
  world.duty = { on: true, sound: true };
  presence.start();
  await settle();
  expect(sent.at(-1)).toBe('PUT /duty {"on":true,"sound":false}');
});

test('what the gateway lost is told again', async () => {
  const { presence, timers, sent, world } = createWorld();
  presence.start();
  await settle();
  presence.want(true, true);
  await settle();
  Object.assign(world, { duty: { on: false, sound: false }, isSaid: false });
  await timers.pass(10_000);
  expect(sent.at(-1)).toBe('PUT /duty {"on":true,"sound":true}');
});

test('a shift that the person ended at another computer is not begun again from here', async () => {
  const { presence, timers, sent, posted, world } = createWorld();
  presence.start();
  await settle();
  presence.want(true, true);
  await settle();
  world.duty = { on: false, sound: false };
  await timers.pass(60_000);
  expect(sent.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
  expect(posted.at(-1)).toMatchObject({ kind: 'duty', duty: { on: false } });
});

test('a computer that nobody has heard takes no sound from another one of the same person', async () => {
  const { presence, timers, sent, world } = createWorld();
  Object.assign(world, { duty: { on: true, sound: false }, isHeardElsewhere: true });
  presence.start();
  await timers.pass(60_000);
  expect(sent.filter((line) => line.startsWith('PUT'))).toEqual([]);
  presence.want(null, true);
  await settle();
  expect(sent.at(-1)).toBe('PUT /duty {"on":true,"sound":true}');
});

test('an unanswered heartbeat shows, and duty is told when the gateway is back', async () => {
  const { presence, timers, sent, posted, world } = createWorld();
  presence.start();
  await settle();
  world.isUp = false;
  presence.want(true, true);
  await timers.pass(10_000);
  expect(posted.at(-1)).toMatchObject({ kind: 'duty', isConfirmed: false });
  world.isUp = true;
  await timers.pass(10_000);
  expect(sent.at(-1)).toBe('PUT /duty {"on":true,"sound":true}');
  expect(posted.at(-1)).toMatchObject({ kind: 'duty', isConfirmed: true, duty: { on: true, sound: true } });
});

test('nothing is sent after stop, and the next person starts with nothing', async () => {
  const { presence, timers, sent } = createWorld();
  presence.start();
  presence.want(true, true);
  await settle();
  presence.stop();
  presence.stop();
  const count = sent.length;
  await timers.pass(60_000);
  expect(sent).toHaveLength(count);
  expect(presence.catchUp()).toEqual([]);
});
