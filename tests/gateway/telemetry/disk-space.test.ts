import { expect, test } from 'vitest';
import { judgeSpace } from '../../../gateway/telemetry/disk-space.ts';

test('people are told at ten per cent free and again at two', () => {
  expect(judgeSpace(0.5).status).toBe('ok');
  expect(judgeSpace(0.1001).status).toBe('ok');
  expect(judgeSpace(0.1).status).toBe('degraded');
  expect(judgeSpace(0.02).status).toBe('failed');
  expect(judgeSpace(0).status).toBe('failed');
});
