import { statfs } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Check } from '../api/contract/feed.ts';
import { errorCode } from '../errors.ts';
import { RepeatGuard } from '../repeat-guard.ts';
import type { Clock } from '../clock.ts';
import type { SystemAlarms } from './system-alarms.ts';

/**
 * Free space below which people are told (design §4 "Disk full"), and from where on it is well again (chosen): without the
 * gap a disk at the limit would open and close an incident with every file.
 */
const LEVELS = [
  { code: 'disk-low', raiseAt: 0.1, restoreAt: 0.12 },
  { code: 'disk-critical', raiseAt: 0.02, restoreAt: 0.03 },
] as const;
const [LOW, CRITICAL] = LEVELS;
const LOOK_EVERY_MS = 10_000;
/** A disk that is nearly full is full soon. Chosen. */
const LOOK_CLOSELY_MS = 1000;

/** Pure: what a share of free space means. */
export function judgeSpace(freeShare: number): Check {
  const detail = `${(freeShare * 100).toFixed(1)} % free`;
  if (freeShare <= CRITICAL.raiseAt) return { status: 'failed', detail };
  return { status: freeShare <= LOW.raiseAt ? 'degraded' : 'ok', detail };
}

export type SpaceChange = { readonly code: string; readonly do: 'raise' | 'restore' };

/** Pure: which incidents stand at this share of free space; between the two limits of a level it stays as it is. */
export function planSpaceAlarms(freeShare: number): readonly SpaceChange[] {
  return LEVELS.flatMap(({ code, raiseAt, restoreAt }): SpaceChange[] => {
    if (freeShare <= raiseAt) return [{ code, do: 'raise' }];
    return freeShare >= restoreAt ? [{ code, do: 'restore' }] : [];
  });
}

/** Watches the disk of the data folder and tells people before it is full. */
export function createDiskSpace(deps: {
  readonly folder: string;
  readonly alarms: Pick<SystemAlarms, 'raise' | 'restore'>;
  readonly clock: Clock;
  readonly logger: Logger;
}) {
  const { folder, alarms, logger } = deps;
  const faults = new RepeatGuard(deps.clock);
  let last: Check = { status: 'ok', detail: 'not looked at yet' };
  let freeShare: number | null = null;
  let lookTimer: NodeJS.Timeout | null = null;
  let isWanted = false;

  async function look(): Promise<void> {
    try {
      const { bavail, blocks } = await statfs(folder);
      freeShare = blocks === 0 ? 1 : bavail / blocks;
      last = judgeSpace(freeShare);
      const freePct = Math.round(freeShare * 1000) / 10;
      for (const change of planSpaceAlarms(freeShare)) alarms[change.do](change.code, { freePct });
    } catch (error) {
      if (faults.isNews(errorCode(error))) logger.warn({ err: error }, 'free disk space could not be read');
      freeShare = null;
      last = { status: 'degraded', detail: 'free space is not known' };
    }
  }

  async function lookOn(): Promise<void> {
    await look();
    if (!isWanted) return;
    lookTimer = setTimeout(() => void lookOn(), last.status === 'ok' ? LOOK_EVERY_MS : LOOK_CLOSELY_MS);
  }

  return {
    start: async (): Promise<void> => {
      if (isWanted) return;
      isWanted = true;
      await lookOn();
    },
    stop: (): void => {
      isWanted = false;
      if (lookTimer !== null) clearTimeout(lookTimer);
      lookTimer = null;
    },
    check: (): Check => last,
    /** 0 … 1; null while it is not known. */
    freeShare: (): number | null => freeShare,
  };
}
