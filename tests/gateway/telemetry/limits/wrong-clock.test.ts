import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { READING_FLAGS, type Reading } from '../../../../devices/reading.ts';
import { CLOCK_PROOF_MS } from '../../../../gateway/telemetry/limits/device-clock.ts';
import { judgeMessage } from '../../../../gateway/telemetry/vitals/judge.ts';
import { RecentReadings } from '../../../../gateway/telemetry/vitals/recent.ts';
import { openRules, T0 } from './rules-world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Messages as the lane judges them; the device's clock is off by so much. */
function openSite(offMs = 0) {
  const rules = openRules();
  const recent = new RecentReadings();
  const site = { rules, offMs, now: T0 };
  const send = (...readings: readonly Partial<Reading>[]): void => {
    const message = {
      deviceId: 'watch-1',
      readings: readings.map((reading) => ({ metric: 'spo2', value: 70, flags: 0, ...reading })),
      receivedAt: site.now,
    };
    rules.take(judgeMessage(message, () => 'r-1', recent).observations);
  };
  /** A reading with each message. */
  const live = (forMs: number, everyMs: number, changes: Partial<Reading> = {}): void => {
    for (const end = site.now + forMs; site.now < end; site.now += everyMs) {
      send({ at: site.now - 50 + site.offMs, ...changes });
    }
  };
  return { site, rules, send, live };
}

let world = openRules();
const told = () => world.raised.map(({ kind, type }) => `${kind} ${type}`);
const open = (offMs?: number) => {
  const opened = openSite(offMs);
  world = opened.rules;
  return opened;
};
beforeEach(() => {
  world = openRules();
});

describe('A person whose device has a wrong clock', () => {
  test.each([
    ['local time told as UTC', 8 * HOUR],
    ['two hours ahead', 2 * HOUR],
    ['an hour and a day behind', -25 * HOUR],
    ['a month behind', -31 * DAY],
    ['never set', -20 * 365 * DAY],
    ['UTC told as local time', -8 * HOUR],
  ])('is watched: %s', (_name, offMs) => {
    const { live } = open(offMs);
    live(15 * MINUTE, MINUTE);
    const vitals = world.raised.filter(({ type }) => type === 'vitals');
    expect(vitals.at(-1)).toMatchObject({ kind: 'alarm', measure: { value: 70, limit: 92 } });
    // Nobody knows when it was measured, so that the case is marked `clock` and not `late`.
    expect(vitals.at(-1)).toMatchObject({ faults: [{ code: 'bad-field', path: '/at' }] });
    expect(vitals.at(-1)?.at).toBeUndefined();
    expect(told().filter((line) => line.endsWith('clock-wrong'))).toEqual(['alarm clock-wrong']);
  });

  test('rings with the third message where the time is beyond belief at sight', () => {
    const { live } = open(8 * HOUR);
    live(20 * SECOND, 10 * SECOND);
    expect(told()).toEqual([]);
    live(10 * SECOND, 10 * SECOND);
    expect(told()).toEqual(['alarm vitals']);
  });

  test('is one technical matter, closed when the clock was set right for a while', () => {
    const { site, live } = open(8 * HOUR);
    live(3 * HOUR, MINUTE, { value: 96 });
    expect(told()).toEqual(['alarm clock-wrong']);
    expect(world.raised[0]?.text).toContain('ahead');
    site.offMs = 0;
    live(CLOCK_PROOF_MS, MINUTE, { value: 96 });
    expect(told()).toEqual(['alarm clock-wrong']);
    live(MINUTE, MINUTE, { value: 96 });
    expect(told()).toEqual(['alarm clock-wrong', 'restored clock-wrong']);
  });

  test('that is right but for one message is no matter', () => {
    const { site, live } = open();
    live(HOUR, MINUTE, { value: 96 });
    site.offMs = -20 * 365 * DAY;
    live(MINUTE, MINUTE, { value: 96 });
    site.offMs = 0;
    live(HOUR, MINUTE, { value: 96 });
    expect(told()).toEqual([]);
  });

  test('is no matter where only one metric has a time beyond belief', () => {
    const { site, send } = open();
    for (let n = 0; n < 15; n += 1) {
      send({ at: site.now - 50, value: 96 }, { metric: 'weight', at: 0 });
      site.now += MINUTE;
    }
    expect(told()).toEqual([]);
  });

  test('is judged by the times that can be believed', () => {
    const { site, send } = open();
    for (let n = 0; n < 15; n += 1) {
      send({ metric: 'weight', at: 0 }, { at: site.now - 8 * HOUR });
      site.now += MINUTE;
    }
    expect(told().toSorted()).toEqual(['alarm clock-wrong', 'alarm vitals']);
    expect(world.raised.find(({ type }) => type === 'clock-wrong')?.text).toBe('8 h behind');
  });
});

describe('Readings of which nobody knows when they were measured', () => {
  const kinds = [
    ['without a time', undefined],
    ['of a clock that was never set', Date.parse('2000-01-01')],
  ] as const;

  test.each(kinds)('and which come in one message count as one: %s', (_name, at) => {
    const { send } = open();
    const time = (n: number) => (at === undefined ? {} : { at: at + n * MINUTE });
    send(...Array.from({ length: 60 }, (_, n) => ({ ...time(n), value: 70 + (n % 5) })));
    expect(told()).toEqual([]);
  });

  test.each(kinds)(
    'and which were kept and are sent in many messages at once do not count as a row: %s',
    (_name, at) => {
      const { site, send } = open();
      for (let n = 0; n < 100; n += 1) {
        send({ ...(at === undefined ? {} : { at: at + n * MINUTE }), value: 60 + (n % 30) });
        site.now += 40;
      }
      expect(told()).toEqual([]);
    },
  );

  test.each(kinds)('ring when they come one after another, however fast: %s', (_name, at) => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 60_000 }), (everyMs) => {
        const { site, live } = open(at === undefined ? 0 : at - T0);
        const begin = site.now;
        while (world.raised.length === 0 && site.now < begin + 5 * MINUTE) {
          live(everyMs, everyMs, at === undefined ? { at: undefined as never, value: 60 + (site.now % 30) } : {});
        }
        expect(told()).toEqual(['alarm vitals']);
        expect(site.now - begin).toBeLessThanOrEqual(20_000 + 4 * everyMs);
      }),
      { numRuns: 30 },
    );
  });

  test('the last of a message stands for all of its metric', () => {
    const { site, send } = open();
    for (const value of [70, 71, 72]) {
      send({ value: 96 }, { value }, { metric: 'heart-rate', value: 60 });
      site.now += 10 * SECOND;
    }
    expect(world.raised).toMatchObject([{ type: 'vitals', measure: { value: 72, forMs: 20_000 } }]);
  });
});

test('what a right clock kept while there was no network does not make it a wrong one, however much it is', () => {
  fc.assert(
    fc.property(
      fc.record({
        outageMs: fc.integer({ min: 2 * HOUR, max: 20 * DAY }),
        perMessageMs: fc.integer({ min: 5 * MINUTE, max: 3 * HOUR }),
        everyMs: fc.integer({ min: 10, max: 30 * SECOND }),
      }),
      ({ outageMs, perMessageMs, everyMs }) => {
        const { site, send } = open();
        for (let at = site.now - outageMs; at < site.now; at += perMessageMs, site.now += everyMs) {
          send({ at, value: 96 });
        }
        expect(told()).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

test('a reading whose only flag is the clock’s is scored, one that is poor besides is not', () => {
  const { rules } = open();
  const wild = (n: number, flags: number) => {
    const at = T0 + n * 10_000;
    return {
      ...{ deviceId: 'watch-1', residentId: 'r-1', ts: at, metric: 'spo2', value: 70, receivedAt: at },
      flags: READING_FLAGS.clock | flags,
    };
  };
  for (let n = 0; n < 3; n += 1) rules.take([wild(n, READING_FLAGS.poor)]);
  expect(told()).toEqual([]);
  for (let n = 3; n < 6; n += 1) rules.take([wild(n, 0)]);
  expect(told()).toEqual(['alarm vitals']);
});
