import { expect, test } from 'vitest';
import type { Checks } from '../../../gateway/api/contract/feed.ts';
import { createPartWatch } from '../../../gateway/telemetry/part-watch.ts';

function makeWorld() {
  const standing = new Set<string>();
  const world = { checks: { journal: { status: 'ok' }, disk: { status: 'ok' } } as Checks, standing };
  const watch = createPartWatch({
    checks: () => world.checks,
    alarms: { raise: (code) => void standing.add(code), restore: (code) => void standing.delete(code) },
    receivers: ['north'],
  });
  const look = (times: number): void => {
    for (let n = 0; n < times; n += 1) watch.look();
  };
  return { world, look, standing };
}

test('a part that stays unwell for a minute is an incident, until it is well for a while', () => {
  const { world, look, standing } = makeWorld();
  look(10);
  world.checks = { journal: { status: 'degraded' } };
  look(59);
  expect(standing.size).toBe(0);
  look(1);
  expect([...standing]).toEqual(['part-down:journal']);
  world.checks = { journal: { status: 'ok' } };
  look(4);
  expect(standing.size).toBe(1);
  look(1);
  expect(standing.size).toBe(0);
});

test('one that comes and goes is none, and the disk has incidents of its own', () => {
  const { world, look, standing } = makeWorld();
  for (let n = 0; n < 20; n += 1) {
    world.checks = { journal: { status: 'failed' }, disk: { status: 'failed' } };
    look(30);
    world.checks = { journal: { status: 'ok' }, disk: { status: 'failed' } };
    look(1);
  }
  expect(standing.size).toBe(0);
});

test('a table of readings that nobody looks after is an incident, but not where PostgreSQL itself is away', () => {
  const { world, look, standing } = makeWorld();
  world.checks = { postgres: { status: 'degraded' }, observations: { status: 'degraded' } };
  look(60);
  expect([...standing]).toEqual(['part-down:postgres']);
  world.checks = { postgres: { status: 'ok' }, observations: { status: 'degraded' } };
  look(59);
  expect(standing.has('part-down:observations')).toBe(false);
  look(1);
  expect([...standing]).toEqual(['part-down:observations']);
});

test('a receiver that is away for ten seconds is an incident, until it is back', () => {
  const { world, look, standing } = makeWorld();
  world.checks = { north: { status: 'degraded' } };
  look(9);
  expect(standing.size).toBe(0);
  look(1);
  expect([...standing]).toEqual(['part-down:north']);
  world.checks = { north: { status: 'ok' } };
  look(5);
  expect(standing.size).toBe(0);
});
