import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HOLD_MS } from '../../../../gateway/telemetry/limits/held-news.ts';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { openRules, T0 } from './rules-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

type Value = (agoMs: number) => number;

/** What was measured until now, each `everyMs`, as it comes in when there is a network again. */
function kept(forMs: number, everyMs: number, value: Value): Observation[] {
  return Array.from({ length: Math.floor(forMs / everyMs) }, (_, index) => {
    const agoMs = forMs - index * everyMs;
    return {
      ...{ deviceId: 'watch-1', residentId: 'r-1', metric: 'spo2', flags: 0, receivedAt: T0 },
      ...{ ts: T0 - agoMs, value: value(agoMs) },
    };
  });
}

function upload(readings: readonly Observation[], aMessage: number) {
  const world = openRules();
  for (let from = 0; from < readings.length; from += aMessage) world.take(readings.slice(from, from + aMessage));
  return world;
}

const apnoea: Value = (agoMs) => Math.round(91 + 6 * Math.sin((2 * Math.PI * agoMs) / 90_000));
const within =
  (fromH: number, toH: number, inside: number, outside: number): Value =>
  (agoMs) =>
    agoMs < fromH * HOUR && agoMs > toH * HOUR ? inside : outside;

describe('What was kept while there was no network', () => {
  test('rings at most once, for a whole night of wavering', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (aMessage) => {
        const world = upload(kept(8 * HOUR, 10_000, apnoea), aMessage);
        vi.advanceTimersByTime(HOLD_MS);
        expect(world.raised.filter(({ kind }) => kind === 'alarm').length).toBeLessThanOrEqual(1);
        expect(world.raised.filter(({ kind }) => kind !== 'alarm')).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  test('and was over before it arrived rings at nobody, and holds nothing up that comes now', () => {
    const dip = upload(kept(8 * HOUR, MINUTE, within(0.5, 0.4, 85, 97)), 20);
    vi.advanceTimersByTime(HOLD_MS);
    expect(dip.raised).toEqual([]);
    for (let n = 1; n <= 3; n += 1) {
      const ts = T0 + n * 10_000;
      dip.take([
        { ...{ deviceId: 'watch-1', residentId: 'r-1', metric: 'spo2' }, value: 85, flags: 0, ts, receivedAt: ts + 50 },
      ]);
    }
    expect(dip.raised).toMatchObject([{ kind: 'alarm', measure: { value: 85 } }]);
  });

  test('and lasts until now rings at once and says since when', () => {
    const { raised } = upload(kept(8 * HOUR, MINUTE, within(2, -1, 85, 97)), 100);
    expect(raised).toMatchObject([{ kind: 'alarm', measure: { value: 85, forMs: 119 * MINUTE - MINUTE } }]);
    expect(raised[0]?.at).toBeUndefined();
  });

  test('and is not known to be over rings a little later, marked with its time', () => {
    const world = upload(
      kept(8 * HOUR, MINUTE, within(8, 1, 85, 85)).filter(({ ts }) => ts < T0 - HOUR),
      50,
    );
    vi.advanceTimersByTime(HOLD_MS - 1);
    expect(world.raised).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(world.raised).toMatchObject([
      { kind: 'alarm', at: T0 - HOUR - MINUTE, measure: { forMs: 7 * HOUR - MINUTE } },
    ]);
  });

  test('is told at once when the gateway stops', () => {
    const world = openRules();
    const rules = world.make();
    rules.take(kept(HOUR, MINUTE, () => 85).slice(0, 5));
    rules.stop();
    rules.stop();
    expect(world.raised).toHaveLength(1);
  });

  test('of somebody who is in hospital by now rings at nobody', () => {
    const world = upload(kept(HOUR, MINUTE, () => 85).slice(0, 5), 5);
    world.status = 'hospital';
    world.take(kept(HOUR, MINUTE, () => 85).slice(5, 6));
    vi.advanceTimersByTime(HOLD_MS);
    expect(world.raised).toEqual([]);
  });
});
