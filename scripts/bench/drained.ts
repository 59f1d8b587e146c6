import { setTimeout as delay } from 'node:timers/promises';
import type { Site } from './site.ts';

const LIMIT_MS = 120_000;

/** A gateway makes it in the background after its start. */
export async function waitForTable(site: Site): Promise<void> {
  const endMs = performance.now() + LIMIT_MS;
  while (performance.now() < endMs) {
    const [row] = await site.query<{ there: boolean }>(`select to_regclass('observations_hour') is not null as there`);
    if (row?.there === true) return;
    await delay(50);
  }
  throw new Error('the gateway made no table for observations');
}

export async function countRows(site: Site, table = 'observations'): Promise<number> {
  const [row] = await site.query<{ n: string }>(`select count(*) as n from ${table}`);
  return Number(row?.n ?? 0);
}

/** Until nothing is written any more: what one side left behind must not weigh on the other. */
export async function untilStill(site: Site, table: string): Promise<void> {
  const endMs = performance.now() + LIMIT_MS;
  for (let last = -1; performance.now() < endMs;) {
    const rows = await countRows(site, table);
    if (rows === last) return;
    last = rows;
    await delay(500);
  }
  throw new Error(`rows still come into ${table}`);
}

/** Waits until so many rows are committed. Answers when they were, by `performance.now()`; NaN where they never came. */
export async function waitForRows(site: Site, rows: number): Promise<number> {
  const endMs = performance.now() + LIMIT_MS;
  while (performance.now() < endMs) {
    if ((await countRows(site)) >= rows) return performance.now();
    await delay(50);
  }
  return Number.NaN;
}
