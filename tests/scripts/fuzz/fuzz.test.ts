import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Chance } from '../../../scripts/fuzz/chance.ts';
import { makeInput, MAX_INPUT_BYTES } from '../../../scripts/fuzz/inputs.ts';
import { Progress } from '../../../scripts/fuzz/progress.ts';
import { MAX_GROWTH_BYTES, MAX_INPUT_MS, runTarget, type RunDeps } from '../../../scripts/fuzz/run-target.ts';
import { formatFailure, formatOutcomes } from '../../../scripts/fuzz/table.ts';
import { checkBound, seedsOf, type Target } from '../../../scripts/fuzz/target.ts';
import { TARGETS } from '../../../scripts/fuzz/targets.ts';
import { TARGETS as PLANTED } from './planted.fixture.ts';

const still: RunDeps = { nowMs: () => 0, heapBytes: () => 0, begin: () => undefined };

function planted(name: string): Target {
  const target = PLANTED.find((one) => one.name === name);
  if (target === undefined) throw new Error(`nothing planted as ${name}`);
  return target;
}

describe('every decoder and framer bears', () => {
  test.each(TARGETS.map((target) => [target.name, target] as const))('two thousand inputs: %s', (_, target) => {
    const outcome = runTarget(target, 2000, 5, still);
    expect(formatFailure(outcome, 5)).toBe('');
    expect(outcome.inputs).toBe(2000);
  });

  test('every protocol has one', () => {
    const folders = readdirSync('protocols', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const without = folders.filter((folder) => !TARGETS.some(({ name }) => name.startsWith(folder.name)));
    expect(without.map(({ name }) => name)).toEqual([]);
    expect(folders.length).toBeGreaterThan(5);
  });

  test('no name stands twice', () => {
    expect(new Set(TARGETS.map(({ name }) => name)).size).toBe(TARGETS.length);
  });
});

describe('a target that fails', () => {
  test('is stopped at the first input that throws, and the input is told', () => {
    const outcome = runTarget(planted('throws'), 2000, 1, still);
    expect(outcome.failure).toMatchObject({ kind: 'threw', detail: 'TypeError: a closing bracket' });
    expect(outcome.failure?.input.includes(0x7d)).toBe(true);
    expect(outcome.inputs).toBe((outcome.failure?.index ?? 0) + 1);
    expect(formatFailure(outcome, 1)).toContain(Buffer.from(outcome.failure?.input ?? []).toString('hex'));
    expect(formatOutcomes([outcome])).toMatch(/throws .* threw$/);
  });

  test('is slow where each of its tries is slow, and not where one of them was', () => {
    const takes = (spans: readonly number[]): RunDeps => {
      let at = 0;
      let calls = 0;
      return {
        ...still,
        // The first call is the start of the run; then two an input, the second later by what that input took.
        nowMs: () => {
          const isEnd = calls > 0 && calls % 2 === 0;
          if (isEnd) at += spans[calls / 2 - 1] ?? 0;
          calls += 1;
          return at;
        },
      };
    };
    const long = MAX_INPUT_MS + 1;
    expect(runTarget(planted('well'), 10, 1, takes([0, long, long, long, long])).failure).toMatchObject({
      kind: 'slow',
      index: 1,
    });
    expect(runTarget(planted('well'), 10, 1, takes([0, long, long, 0, long])).failure).toBeNull();
  });

  test('has grown where the heap holds more than the bound at the end', () => {
    const heapOf = (end: number): RunDeps => {
      const held = [100, 100 + end];
      return { ...still, heapBytes: () => held.shift() ?? 0 };
    };
    expect(runTarget(planted('well'), 10, 1, heapOf(MAX_GROWTH_BYTES + 1)).failure?.kind).toBe('grew');
    expect(runTarget(planted('well'), 10, 1, heapOf(MAX_GROWTH_BYTES))).toMatchObject({
      failure: null,
      grownBytes: MAX_GROWTH_BYTES,
    });
  });

  test('breaks a bound by holding more', () => {
    expect(() => checkBound(11, 10)).toThrow(RangeError);
    expect(() => checkBound(10, 10)).not.toThrow();
  });
});

describe('inputs', () => {
  const seeds = seedsOf('"SIA-DCS"0001L0#1234[]', '{"type":"sos"}');
  const many = (seed: number, count: number) => {
    const chance = new Chance(seed);
    return Array.from({ length: count }, () => makeInput(chance, seeds));
  };

  test('are the same for the same seed and others for another', () => {
    expect(many(1, 50)).toEqual(many(1, 50));
    expect(many(1, 50)).not.toEqual(many(2, 50));
  });

  test('are bounded, some empty, some whole seeds, some long, most of them different', () => {
    const inputs = many(3, 20_000);
    const texts = new Set(inputs.map((input) => Buffer.from(input).toString('latin1')));
    expect(Math.max(...inputs.map(({ length }) => length))).toBeLessThanOrEqual(MAX_INPUT_BYTES);
    expect(inputs.filter(({ length }) => length > 4096).length).toBeGreaterThan(10);
    for (const some of ['', '{"type":"sos"}', '"SIA-DCS"0001L0#1234[]']) expect(texts).toContain(some);
    expect(texts.size).toBeGreaterThan(15_000);
  });

  test('are bounded also where the seeds are as long as may be', () => {
    const chance = new Chance(4);
    const longest = [new Uint8Array(MAX_INPUT_BYTES)];
    const lengths = Array.from({ length: 300 }, () => makeInput(chance, longest).length);
    expect(Math.max(...lengths)).toBe(MAX_INPUT_BYTES);
  });

  test('come without seeds too', () => {
    expect(makeInput(new Chance(1), []).length).toBeLessThanOrEqual(MAX_INPUT_BYTES);
  });

  test('are seen from the other thread', () => {
    const progress = new Progress();
    progress.begin(Uint8Array.of(1, 2, 3));
    progress.begin(Uint8Array.of(4));
    expect([progress.begun, ...new Progress(progress.buffer).input]).toEqual([2, 4]);
  });
});
