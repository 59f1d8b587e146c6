import { installMissing } from '../setup/apt.ts';
import { buildDashboardIfStale } from '../setup/dashboard.ts';
import { REDIS } from '../setup/needs.ts';

/** What the demo needs beside npm's packages: a Redis server on the machine, and the pages built. */
export async function prepareMachine(print: (text: string) => void): Promise<void> {
  await installMissing([REDIS], print);
  await buildDashboardIfStale(print);
}
