import { expect, test } from 'vitest';
import { checkEngine, type EngineQuestion } from '../../../gateway/escalation/check-engine.ts';

const WELL: EngineQuestion = {
  engine: { lastRunMonoMs: 1, waiting: 3, failures: 0, mostOverdueMs: 0 },
  auditor: { lastRunMonoMs: 1, lastTookMs: 5, open: 3, holes: 0, isComplete: true, mostOverdueMs: 0, found: {} },
  isEngineStuck: false,
  isAuditorStuck: false,
};

test('deadlines that are counted and checked are well', () => {
  expect(checkEngine(WELL)).toEqual({ status: 'ok', detail: '3 deadlines run' });
});

test.each([
  ['the engine has not turned yet', { engine: { ...WELL.engine, lastRunMonoMs: null } }, 'failed', 'not counted'],
  ['the engine is stuck', { isEngineStuck: true }, 'failed', 'not counted'],
  ['the auditor is stuck', { isAuditorStuck: true }, 'degraded', 'nobody checks'],
  ['the auditor has found a hole', { auditor: { ...WELL.auditor, holes: 2 } }, 'degraded', '2 open incidents'],
  ['the engine is late', { engine: { ...WELL.engine, mostOverdueMs: 12_000 } }, 'degraded', '12 s late'],
  [
    'only the auditor sees that it is late',
    { auditor: { ...WELL.auditor, mostOverdueMs: 60_000 } },
    'degraded',
    '60 s',
  ],
] as const)('it says so when %s', (_what, changes, status, words) => {
  const check = checkEngine({ ...WELL, ...changes });
  expect(check.status).toBe(status);
  expect(check.detail).toContain(words);
});
