import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Board } from '../../../gateway/incidents/board.ts';
import type { LogItem } from '../../../gateway/incidents/log/log-reader.ts';
import { applyEvent } from '../../../gateway/incidents/transition.ts';
import { HOUR, NOW, openIncident, SECOND } from '../incidents/build.ts';
import { createWorld, EVERYBODY } from './engine-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/**
 * Debian's Redis does not start under libfaketime; so its side is taken from its source: `XADD *` on a clock that went back
 * takes the milliseconds of the newest id and counts up the sequence (`streamNextID` in `t_stream.c`).
 */
function redisClock() {
  const clock = { wallMs: NOW, lastMs: 0, seq: 0, nextId: '' };
  return Object.assign(clock, {
    add: (): LogItem['id'] => {
      const { wallMs, lastMs, seq } = clock;
      Object.assign(clock, wallMs > lastMs ? { lastMs: wallMs, seq: 0 } : { seq: seq + 1 });
      return `${clock.lastMs}-${clock.seq}` as LogItem['id'];
    },
  });
}

test.each([-HOUR, HOUR])(
  'Redis’s clock is set by %i ms: every line is taken, and every step comes at its time',
  async (jump) => {
    const redis = redisClock();
    const board = new Board();
    const incident = openIncident();
    const { world, engine } = createWorld(incident);
    world.reach = EVERYBODY;
    const entry = { incidentId: incident.id, type: 'seen', actor: 'user:u1', at: NOW, data: {} };
    const log = (version: number): boolean => {
      const id = redis.add();
      return board.apply({ id, entry: { ...entry, id, said: {} }, incident: { ...incident, version } });
    };
    engine.start();
    await world.pass(5 * SECOND);
    expect(log(2)).toBe(true);
    redis.wallMs += jump;
    for (let version = 3; version < 50; version += 1) expect(log(version)).toBe(true);
    expect(board.find(incident.id)?.version).toBe(49);
    // What is read meanwhile moves no countdown: no time of a log id enters it.
    const known = world.board.get(incident.id) ?? incident;
    const seen = applyEvent(known, 'seen', { nowMs: world.wallMs })?.incident;
    world.board.set(incident.id, { ...incident, ...seen, state: 'open' });
    engine.put({ ...incident, ...seen, state: 'open' }, false);
    await world.pass(26 * SECOND);
    expect(world.lines.filter((line) => line.includes(' step '))).toEqual([
      '0 step duty-operators',
      '0 step contacts',
      '15 step all-operators',
      '30 step supervisors',
    ]);
    await engine.stop();
  },
);
