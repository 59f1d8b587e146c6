import type { HostState } from './worker-host.ts';

export type JournalHealth = {
  /** `failed`: the journal makes nothing durable now. */
  readonly status: 'ok' | 'degraded' | 'failed';
  readonly detail: string;
  readonly queuedBytes: number;
  readonly unsettled: number | null;
  readonly segments: number | null;
  /** Milliseconds that the last write and fsync took. */
  readonly lastFsyncMs: number | null;
  /** Free space of its disk, percent. */
  readonly freePct: number | null;
};

/** When a wait for the disk is worth a word, and when it is a failure; chosen. */
const SLOW_MS = 1000;
const HANGING_MS = 10_000;
/** The thread is heard of so often when it has nothing to do. */
const REPORT_MS = 1000;
/** Design §4, Disk full. */
const NEARLY_FULL_PCT = 2;
const LOW_PCT = 10;

export function judgeHealth(state: HostState): JournalHealth {
  const { stats } = state;
  return {
    ...judge(state),
    queuedBytes: state.queuedBytes,
    unsettled: stats?.unsettled ?? null,
    segments: stats?.segments ?? null,
    lastFsyncMs: state.lastFsyncMs,
    freePct: stats?.freePct ?? null,
  };
}

function judge(state: HostState): Pick<JournalHealth, 'status' | 'detail'> {
  const freePct = state.stats?.freePct ?? 100;
  if (!state.isRunning) return { status: 'failed', detail: 'worker not running' };
  if (!state.isReady) return { status: 'failed', detail: 'no file to write to' };
  const waitMs = Math.max(state.oldestWaitMs, state.silentMs - REPORT_MS);
  if (waitMs > HANGING_MS) return { status: 'failed', detail: 'the disk does not answer' };
  if (waitMs > SLOW_MS) return { status: 'degraded', detail: 'the disk is slow' };
  // The newest that is known of the disk; the beat tries it again within 30 s.
  if (state.isLastRefused) return { status: 'failed', detail: 'the last append failed' };
  if (freePct < NEARLY_FULL_PCT) return { status: 'degraded', detail: 'less than 2 % of the disk is free' };
  if (freePct < LOW_PCT) return { status: 'degraded', detail: 'less than 10 % of the disk is free' };
  return { status: 'ok', detail: 'writing' };
}
