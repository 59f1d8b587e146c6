import { expect, test } from 'vitest';
import { judgeHealth } from '../../../../gateway/ingest/journal/health.ts';
import type { HostState } from '../../../../gateway/ingest/journal/worker-host.ts';

const well: HostState = {
  isRunning: true,
  isReady: true,
  queuedBytes: 0,
  oldestWaitMs: 0,
  silentMs: 500,
  lastFsyncMs: 0.2,
  isLastRefused: false,
  stats: { segments: 1, unsettled: 0, hasReserve: true, freePct: 50 },
};

test.each([
  ['all is well', {}, 'ok'],
  ['the worker is gone', { isRunning: false }, 'failed'],
  ['there is no file', { isReady: false }, 'failed'],
  ['an append has waited for 2 s', { oldestWaitMs: 2000 }, 'degraded'],
  ['an append has waited for 11 s', { oldestWaitMs: 11_000 }, 'failed'],
  ['the thread hangs while nobody waits', { silentMs: 12_000 }, 'failed'],
  ['the last append was refused', { isLastRefused: true }, 'failed'],
  ['the disk is nearly full', { stats: { segments: 1, unsettled: 0, hasReserve: false, freePct: 1.5 } }, 'degraded'],
  [
    'the disk does not say how full it is',
    { stats: { segments: 1, unsettled: 0, hasReserve: true, freePct: null } },
    'ok',
  ],
] as const)('when %s', (_, change, status) => {
  expect(judgeHealth({ ...well, ...change }).status).toBe(status);
});
