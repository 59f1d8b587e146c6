import { expect, test } from 'vitest';
import { judgeSpace, planSpaceAlarms } from '../../../gateway/telemetry/disk-space.ts';

test('people are told at ten percent of free space, and it fails at two', () => {
  expect(judgeSpace(0.5).status).toBe('ok');
  expect(judgeSpace(0.1001).status).toBe('ok');
  expect(judgeSpace(0.1).status).toBe('degraded');
  expect(judgeSpace(0.0201).status).toBe('degraded');
  expect(judgeSpace(0.02)).toEqual({ status: 'failed', detail: '2.0 % free' });
  expect(judgeSpace(0).status).toBe('failed');
});

test.each([
  [0.5, { 'disk-low': 'restore', 'disk-critical': 'restore' }],
  [0.12, { 'disk-low': 'restore', 'disk-critical': 'restore' }],
  [0.11, { 'disk-critical': 'restore' }],
  [0.1, { 'disk-low': 'raise', 'disk-critical': 'restore' }],
  [0.025, { 'disk-low': 'raise' }],
  [0.02, { 'disk-low': 'raise', 'disk-critical': 'raise' }],
  [0, { 'disk-low': 'raise', 'disk-critical': 'raise' }],
])('at %d free, incidents open and close with a gap between', (freeShare, expected) => {
  expect(Object.fromEntries(planSpaceAlarms(freeShare).map((change) => [change.code, change.do]))).toEqual(expected);
});
