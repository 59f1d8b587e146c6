import { setTimeout as delay } from 'node:timers/promises';

/**
 * Polls until `condition` gives something truthy and returns that; fails with `what` after `timeoutMs`. For conditions on
 * other processes; a condition that throws counts as not yet met, and its last error is the cause of the failure.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs, what, everyMs = 20 }: { readonly timeoutMs: number; readonly what: string; readonly everyMs?: number },
): Promise<Exclude<Awaited<T>, false | null | undefined | 0 | ''>> {
  const end = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value as Exclude<Awaited<T>, false | null | undefined | 0 | ''>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(everyMs);
  } while (performance.now() < end);
  throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`, { cause });
}
