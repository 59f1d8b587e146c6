import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLoops } from '../../../gateway/telemetry/loops.ts';
import { HandClock } from '../ingest/hand-clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function makeWorld(endAfterMs: number | null = 30_000) {
  const clock = new HandClock();
  const standing = new Set<string>();
  const ended: string[] = [];
  const loops = createLoops({
    alarms: { raise: (code) => void standing.add(code), restore: (code) => void standing.delete(code) },
    end: (name) => void ended.push(name),
    clock,
    logger: pino({ level: 'silent' }),
  });
  const engine = { lastRun: null as number | null, turns: true };
  loops.register({ name: 'engine', lastRunMonoMs: () => engine.lastRun, stuckAfterMs: 3000, endAfterMs });
  loops.start();
  /** Time goes by; what turns comes round. */
  const pass = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 250) {
      clock.advance(250);
      if (engine.turns) engine.lastRun = clock.monoMs();
      vi.advanceTimersByTime(250);
    }
  };
  return { clock, standing, ended, loops, engine, pass };
}

test('a loop that turns is no news', () => {
  const { loops, standing, pass } = makeWorld();
  pass(60_000);
  expect(loops.check()).toEqual({ status: 'ok', detail: '1 loops turn' });
  expect(standing.size).toBe(0);
});

test('one that stands still degrades, is an incident, and both are over when it turns again', () => {
  const { loops, standing, engine, pass } = makeWorld();
  pass(5000);
  engine.turns = false;
  pass(2500);
  expect(loops.isStuck('engine')).toBe(false);
  pass(1500);
  expect(loops.check()).toEqual({ status: 'degraded', detail: 'engine: no turn for 4 s' });
  expect([...standing]).toEqual(['loop-stuck:engine']);
  engine.turns = true;
  pass(1000);
  expect(loops.check().status).toBe('ok');
  expect(standing.size).toBe(0);
});

test('one that never came round is stuck as well', () => {
  const { loops, engine, pass } = makeWorld();
  engine.turns = false;
  pass(4000);
  expect(loops.isStuck('engine')).toBe(true);
});

test('stuck for good it ends the process, where that helps', () => {
  const world = makeWorld();
  world.engine.turns = false;
  world.pass(29_000);
  expect(world.ended).toEqual([]);
  world.pass(2500);
  expect(world.ended).toContain('engine');
  const other = makeWorld(null);
  other.engine.turns = false;
  other.pass(120_000);
  expect(other.ended).toEqual([]);
});

test('after a machine that stood still for an hour nothing is stuck and nothing ends', () => {
  const { clock, loops, standing, ended, pass } = makeWorld();
  pass(5000);
  clock.advance(3_600_000);
  vi.advanceTimersByTime(500);
  expect(loops.check().status).toBe('ok');
  expect(standing.size).toBe(0);
  pass(5000);
  expect(ended).toEqual([]);
});

test('two loops of one name are a mistake of ours', () => {
  const { loops } = makeWorld();
  expect(() => loops.register({ name: 'engine', lastRunMonoMs: () => 0, stuckAfterMs: 1, endAfterMs: null })).toThrow(
    'engine',
  );
});
