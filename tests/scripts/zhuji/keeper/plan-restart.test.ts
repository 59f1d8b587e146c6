import { expect, test } from 'vitest';
import { planRestart, type WorkerEnd } from '../../../../scripts/zhuji/keeper/plan-restart.ts';

const KILLED: WorkerEnd = {
  code: null,
  signal: 'SIGKILL',
  hasListened: true,
  hasEverListened: true,
  isStopping: false,
  livedMs: 3_600_000,
  quickDeaths: 0,
};

test('a gateway that was killed is started anew at once', () => {
  const plan = planRestart(KILLED);
  expect(plan).toMatchObject({ do: 'restart' });
  expect(plan.do === 'restart' && plan.afterMs).toBeLessThanOrEqual(100);
});

test.each([
  ['it was told to end', { isStopping: true, code: 0 }, 0],
  ['it was told to end and did so badly', { isStopping: true, code: null }, 1],
  ['it ended by itself in order', { code: 0 }, 0],
  ['its settings are wrong', { code: 2, hasEverListened: false }, 2],
  ['its settings became wrong', { code: 2 }, 2],
  ['it never came up and said why', { code: 1, hasListened: false, hasEverListened: false }, 1],
] as const)('it stays dead when %s', (_why, changes, code) => {
  expect(planRestart({ ...KILLED, signal: null, ...changes })).toEqual({ do: 'end', code });
});

test('one that was killed before it listened, and one whose port is still taken after a death, get another chance', () => {
  expect(planRestart({ ...KILLED, hasListened: false, hasEverListened: false }).do).toBe('restart');
  expect(planRestart({ ...KILLED, signal: null, code: 1, hasListened: false }).do).toBe('restart');
});

test('one that dies again and again is started ever more slowly, but for ever', () => {
  let quickDeaths = 0;
  const waits: number[] = [];
  for (let n = 0; n < 2000; n += 1) {
    const plan = planRestart({ ...KILLED, livedMs: 100, quickDeaths });
    if (plan.do === 'end') throw new Error('it was given up');
    waits.push(plan.afterMs);
    ({ quickDeaths } = plan);
  }
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits.at(-1)).toBe(15_000);
  expect(planRestart({ ...KILLED, quickDeaths })).toMatchObject({ afterMs: waits[0] });
});
