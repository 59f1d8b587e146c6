import type { Logger } from 'pino';
import { DEVICE_MODELS } from '../../devices/catalog/models.ts';
import { planPast } from './plan-past.ts';
import { storePast } from './store-past.ts';

export type WornDevice = { readonly deviceId: string; readonly model: string; readonly residentId: string };

/**
 * Gives the wearers of these devices so many days behind them, as long as readings are kept at most. Answers how many readings.
 * @throws StoreError, what `pg` throws
 */
export async function givePast(options: {
  readonly databaseUrl: string;
  readonly readingsDays: number;
  readonly devices: readonly WornDevice[];
  readonly days: number;
  readonly nowMs: number;
  readonly random: () => number;
  readonly logger: Logger;
}): Promise<number> {
  const { devices, days, nowMs, readingsDays } = options;
  const wearings = devices.flatMap(({ deviceId, model, residentId }) => {
    const metrics = DEVICE_MODELS.find(model)?.metrics ?? [];
    return metrics.length === 0 ? [] : [{ deviceId, residentId, metrics }];
  });
  return storePast({ ...options, wearings, past: planPast(nowMs, Math.min(days, readingsDays)) });
}
