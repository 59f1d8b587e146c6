import type { Check } from '../api/contract/feed.ts';
import { OVERDUE_AFTER_MS, type AuditorHealth } from './auditor.ts';
import type { EngineHealth } from './engine.ts';

export type EngineQuestion = {
  readonly engine: EngineHealth;
  readonly auditor: AuditorHealth;
  readonly isEngineStuck: boolean;
  readonly isAuditorStuck: boolean;
};

/** What `/readyz` says about deadlines: that they are counted, that somebody checks it, and what that one found. Pure. */
export function checkEngine({ engine, auditor, isEngineStuck, isAuditorStuck }: EngineQuestion): Check {
  if (engine.lastRunMonoMs === null || isEngineStuck) {
    return { status: 'failed', detail: 'deadlines are not counted' };
  }
  if (isAuditorStuck) return { status: 'degraded', detail: 'nobody checks the deadlines' };
  if (auditor.holes > 0) return { status: 'degraded', detail: `${auditor.holes} open incidents were unattended` };
  const lateMs = Math.max(engine.mostOverdueMs, auditor.mostOverdueMs);
  if (lateMs > OVERDUE_AFTER_MS) {
    return { status: 'degraded', detail: `a deadline is ${Math.round(lateMs / 1000)} s late` };
  }
  return { status: 'ok', detail: `${engine.waiting} deadlines run` };
}
