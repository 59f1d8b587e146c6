import type { Environment } from '../../gateway/config.ts';
import { SETTINGS } from '../../gateway/settings.ts';
import { installMissing } from '../setup/apt.ts';
import { buildDashboardIfStale } from '../setup/dashboard.ts';
import { REDIS } from '../setup/needs.ts';

/**
 * What the demo needs beside npm's packages: a Redis server on the machine, unless another is named, and the pages built.
 * False when it cannot run; it has said why.
 */
export async function prepareMachine(env: Environment, print: (text: string) => void): Promise<boolean> {
  const isRedisElsewhere = (env[SETTINGS.redisUrl.key] ?? '') !== '';
  const missing = await installMissing(isRedisElsewhere ? [] : [REDIS], print);
  if (missing.length > 0) return false;
  await buildDashboardIfStale(print);
  return true;
}
