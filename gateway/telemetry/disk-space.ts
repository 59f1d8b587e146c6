import { statfs } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Check } from '../api/contract/feed.ts';

/** Free space below which people are told (design §4 "Disk full"). */
const LOW_SHARE = 0.1;
const CRITICAL_SHARE = 0.02;
const LOOK_EVERY_MS = 10_000;

/** Pure: what a share of free space means. */
export function judgeSpace(freeShare: number): Check {
  const detail = `${(freeShare * 100).toFixed(1)} % free`;
  if (freeShare <= CRITICAL_SHARE) return { status: 'failed', detail };
  return { status: freeShare <= LOW_SHARE ? 'degraded' : 'ok', detail };
}

/** Watches the disk of the data folder. */
export function createDiskSpace(folder: string, logger: Logger) {
  let last: Check = { status: 'ok', detail: 'not looked at yet' };
  let lookTimer: NodeJS.Timeout | null = null;

  async function look(): Promise<void> {
    try {
      const { bavail, blocks } = await statfs(folder);
      last = judgeSpace(blocks === 0 ? 1 : bavail / blocks);
    } catch (error) {
      logger.warn({ err: error }, 'free disk space could not be read');
      last = { status: 'degraded', detail: 'free space is not known' };
    }
  }

  return {
    start: async (): Promise<void> => {
      await look();
      lookTimer ??= setInterval(() => void look(), LOOK_EVERY_MS);
    },
    stop: (): void => {
      if (lookTimer !== null) clearInterval(lookTimer);
      lookTimer = null;
    },
    check: (): Check => last,
  };
}
