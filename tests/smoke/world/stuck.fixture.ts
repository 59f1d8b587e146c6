import { isMainThread } from 'node:worker_threads';
import { Redis } from 'ioredis';
import type { Stuck } from './stuck.ts';

/**
 * Loaded into a gateway before anything else. From SIGUSR2 on one thing never comes to its end: the thread that runs every
 * loop, a look that a timer should bring, or what a loop waits for on its own connection, with no time limit that notices.
 * Nothing of the gateway itself is changed.
 */
const what = process.env['STUCK'] as Stuck | undefined;
const roles: Readonly<Partial<Record<Stuck, string>>> = { dispatch: 'dispatch', log: 'feed', notifier: 'outbox' };
/** The only timer of a gateway with such a callback. */
const engineTick = { name: 'look', everyMs: 250 };
let isStuck = false;

if (isMainThread) {
  process.on('SIGUSR2', () => {
    isStuck = true;
    if (what === 'event-loop') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
  swallowAnswers();
  loseTicks();
}

/** Redis has done what it was asked, and nobody hears of it. */
function swallowAnswers(): void {
  const send: unknown = Reflect.get(Redis.prototype, 'sendCommand');
  if (typeof send !== 'function') throw new Error('ioredis sends otherwise now');
  Reflect.set(Redis.prototype, 'sendCommand', function swallow(this: Redis, ...given: unknown[]): unknown {
    const answer: unknown = Reflect.apply(send, this, given);
    const isOurs = what !== undefined && roles[what] === this.options.connectionName?.split(':')[1];
    if (!isOurs || !(answer instanceof Promise)) return answer;
    // Where there was nothing to be handed it goes on, until it has something in hand.
    return answer.then((value: unknown) =>
      isStuck && value !== null ? Promise.withResolvers<never>().promise : value,
    );
  });
}

function loseTicks(): void {
  const real = globalThis.setInterval;
  const lossy = (tick: () => void, everyMs?: number): NodeJS.Timeout => {
    const isEngines = what === 'engine' && tick.name === engineTick.name && everyMs === engineTick.everyMs;
    return real(isEngines ? () => void (isStuck || tick()) : tick, everyMs);
  };
  Reflect.set(globalThis, 'setInterval', lossy);
}
