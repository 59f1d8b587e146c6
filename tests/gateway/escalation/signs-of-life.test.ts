import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SignsOfLife } from '../../../gateway/escalation/signs-of-life.ts';

const LEASE = 30_000;
const PULSE = 500;

/** A gateway that runs without a break: it pulses, and reads Redis at each pulse unless it is away. */
function openGateway(leaseMs = LEASE) {
  const signs = new SignsOfLife(leaseMs);
  const gateway = {
    signs,
    now: 0,
    isRedisUp: true,
    pass(ms: number) {
      for (const end = gateway.now + ms; gateway.now < end;) {
        gateway.now = Math.min(end, gateway.now + PULSE);
        gateway.pulse();
      }
    },
    /** Nothing of the process runs. */
    freeze(ms: number) {
      gateway.now += ms;
    },
    pulse() {
      signs.pulse(gateway.now);
      if (gateway.isRedisUp) signs.shared(gateway.now);
    },
    hasLapsed: (userId = 'li') => signs.hasLapsed(userId, gateway.now),
    isPresent: (userId = 'li') => signs.isPresent(userId, gateway.now),
  };
  gateway.pulse();
  return gateway;
}

describe('A person heard by this gateway', () => {
  test('is there for the lease after the last sign of life, and not a moment longer', () => {
    const gateway = openGateway();
    gateway.pass(LEASE);
    gateway.signs.take('li', gateway.now);
    gateway.pass(LEASE - 1);
    expect([gateway.isPresent(), gateway.hasLapsed()]).toEqual([true, false]);
    gateway.pass(1);
    expect([gateway.isPresent(), gateway.hasLapsed()]).toEqual([false, true]);
    gateway.signs.take('li', gateway.now);
    expect([gateway.isPresent(), gateway.hasLapsed()]).toEqual([true, false]);
  });

  test('who logged off is not there at once, and keeps the rest of the lease for what they have', () => {
    const gateway = openGateway();
    gateway.signs.take('li', gateway.now, true);
    expect([gateway.isPresent(), gateway.hasLapsed()]).toEqual([false, false]);
    gateway.pass(LEASE);
    expect(gateway.hasLapsed()).toBe(true);
  });

  test('is judged without Redis as with it', () => {
    const gateway = openGateway();
    gateway.isRedisUp = false;
    gateway.pass(5 * LEASE);
    gateway.signs.take('li', gateway.now);
    gateway.pass(LEASE - 1);
    expect(gateway.hasLapsed()).toBe(false);
    gateway.pass(1);
    expect(gateway.hasLapsed()).toBe(true);
    gateway.isRedisUp = true;
    gateway.pass(PULSE);
    expect(gateway.hasLapsed()).toBe(true);
  });
});

describe('A person heard by another gateway', () => {
  test('lives by beats that change; the same beat read again is no sign', () => {
    const gateway = openGateway();
    gateway.signs.takeShared('li', 'b 1', gateway.now);
    gateway.pass(LEASE - 1);
    gateway.signs.takeShared('li', 'b 1', gateway.now);
    gateway.pass(1);
    expect(gateway.hasLapsed()).toBe(true);
    gateway.signs.takeShared('li', 'b 2', gateway.now);
    expect(gateway.isPresent()).toBe(true);
  });

  test('has a whole lease from the loss of Redis, and another one from its return', () => {
    const gateway = openGateway();
    gateway.signs.takeShared('li', 'b 1', gateway.now);
    gateway.pass(LEASE - 5000);
    gateway.isRedisUp = false;
    gateway.pass(LEASE - 1);
    expect(gateway.hasLapsed()).toBe(false);
    gateway.pass(5001);
    expect(gateway.hasLapsed()).toBe(true);
    gateway.isRedisUp = true;
    gateway.pass(PULSE);
    expect(gateway.hasLapsed()).toBe(false);
    gateway.pass(LEASE);
    expect(gateway.hasLapsed()).toBe(true);
  });

  test('is not kept for ever by a Redis that hiccups', () => {
    const gateway = openGateway();
    gateway.signs.takeShared('li', 'b 1', gateway.now);
    for (let n = 0; n < 12; n += 1) {
      gateway.isRedisUp = n % 2 === 0;
      gateway.pass(5000);
    }
    expect(gateway.hasLapsed()).toBe(true);
  });
});

describe('Nobody is judged before they could be heard', () => {
  test('after the start: a whole lease, also for whom nothing is known of', () => {
    const signs = new SignsOfLife(LEASE);
    expect(signs.hasLapsed('li', 1_000_000)).toBe(false);
    const gateway = openGateway();
    gateway.pass(20_000);
    gateway.signs.listens(gateway.now);
    gateway.pass(LEASE - 1);
    expect(gateway.hasLapsed()).toBe(false);
    gateway.pass(1);
    expect(gateway.hasLapsed()).toBe(true);
    expect(gateway.isPresent()).toBe(false);
  });

  test('after a freeze: not even before the first pulse behind it', () => {
    const gateway = openGateway();
    gateway.signs.take('li', gateway.now);
    gateway.freeze(10 * LEASE);
    expect(gateway.hasLapsed()).toBe(false);
    gateway.pulse();
    gateway.pass(LEASE - 1);
    expect(gateway.hasLapsed()).toBe(false);
    gateway.pass(1);
    expect(gateway.hasLapsed()).toBe(true);
  });
});

const step = fc.oneof(
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 2 * LEASE }) }),
  fc.record({ kind: fc.constant('freeze' as const), ms: fc.integer({ min: 0, max: 2 * LEASE }) }),
  fc.record({ kind: fc.constantFrom('here', 'elsewhere', 'redis-away', 'redis-back', 'listens'), ms: fc.constant(0) }),
);

test('whatever happens, nobody lapses within a lease of a sign, and everybody who is silent for long does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 2000, max: 60_000 }), (steps, leaseMs) => {
      const gateway = openGateway(leaseMs);
      let lastSign = Number.NEGATIVE_INFINITY;
      let beats = 0;
      for (const { kind, ms } of steps) {
        if (kind === 'pass') gateway.pass(ms);
        if (kind === 'freeze') gateway.freeze(ms);
        if (kind === 'redis-away') gateway.isRedisUp = false;
        if (kind === 'redis-back') gateway.isRedisUp = true;
        if (kind === 'listens') gateway.signs.listens(gateway.now);
        if (kind === 'here') gateway.signs.take('li', gateway.now);
        if (kind === 'elsewhere') gateway.signs.takeShared('li', `b ${(beats += 1)}`, gateway.now);
        if (kind === 'here' || kind === 'elsewhere') lastSign = gateway.now;
        if (gateway.now - lastSign < leaseMs) expect(gateway.hasLapsed()).toBe(false);
        expect(gateway.isPresent() && gateway.hasLapsed()).toBe(false);
        if (!gateway.hasLapsed()) continue;
        expect(gateway.signs.endsAt('li', gateway.now)).toBeLessThanOrEqual(gateway.now);
      }
      // The last grace: Redis may have come back, or a freeze have ended, at this moment.
      gateway.pulse();
      gateway.pass(leaseMs);
      expect(gateway.hasLapsed()).toBe(true);
      expect(gateway.isPresent()).toBe(false);
    }),
    { numRuns: 300 },
  );
});
