import { Socket } from 'node:net';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Connections } from '../../../../devices/links/mqtt/connections.ts';
import { createCounters } from '../../../../devices/links/mqtt/counters.ts';
import { InFlight } from '../../../../devices/links/in-flight.ts';
import { DEFAULT_LIMITS } from '../../../../devices/links/mqtt/limits.ts';

test('those that made room and still have something to hand over are bounded, and none makes room twice', () => {
  const limits = { ...DEFAULT_LIMITS, connections: 2 };
  const connections = new Connections({
    limits,
    inFlight: new InFlight(limits),
    counters: createCounters(),
    logger: pino({ level: 'silent' }),
    isExpendable: () => true,
    takeAside: () => false,
    later: setImmediate,
  });
  // Nobody reads what they sent, so none of them comes to its end.
  const admitted = Array.from({ length: 100 }, () => connections.admit(new Socket())).filter(
    (connection) => connection !== undefined,
  );
  expect(admitted).toHaveLength(2 + 64);
  expect(admitted.filter(({ stream }) => stream.cutReason === undefined)).toHaveLength(2);
});
