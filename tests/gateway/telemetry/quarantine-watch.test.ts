import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../devices/event.ts';
import type { Arrival } from '../../../devices/links/ports.ts';
import { createQuarantineWatch } from '../../../gateway/telemetry/quarantine-watch.ts';

function makeWorld(isKept = true) {
  const arrivals: Arrival[] = [];
  let nowMs = 0;
  const watch = createQuarantineWatch({
    door: {
      accept: (arrival) => {
        arrivals.push(arrival);
        return isKept ? Promise.resolve({} as AlarmEvent) : Promise.reject(new Error('not durable'));
      },
    },
    isKnown: (deviceId) => deviceId.startsWith('known'),
    clock: { monoMs: () => nowMs },
    logger: pino({ level: 'silent' }),
  });
  return { arrivals, watch, pass: (ms: number) => (nowMs += ms) };
}

test('a known device with a wrong secret is a technical alarm at once, however often it tries once in ten minutes', () => {
  const { arrivals, watch, pass } = makeWorld();
  for (let n = 0; n < 5; n += 1) watch.connected('known-1', 'unverified');
  expect(arrivals.map(({ deviceId, message }) => [deviceId, message.type])).toEqual([['known-1', 'quarantined']]);
  pass(10 * 60_000);
  watch.connected('known-1', 'retired');
  expect(arrivals).toHaveLength(2);
});

test('verified devices and names that nobody registered raise nothing', () => {
  const { arrivals, watch } = makeWorld();
  watch.connected('known-1', 'verified');
  watch.connected('stranger', 'unregistered');
  watch.connected('stranger', 'unverified');
  expect(arrivals).toEqual([]);
});

test('one that could not be kept is raised again at the next connection', async () => {
  const { arrivals, watch } = makeWorld(false);
  watch.connected('known-1', 'unverified');
  await new Promise((resolve) => setImmediate(resolve));
  watch.connected('known-1', 'unverified');
  expect(arrivals).toHaveLength(2);
});
