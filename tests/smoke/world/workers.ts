import { readFileSync } from 'node:fs';
import type { TestGateway } from '../../harness/gateway.ts';

/** The processes below the one that the gateway names, its keeper, as the kernel lists them. */
export function workersOf({ pid }: Pick<TestGateway, 'pid'>): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text
      .split(' ')
      .map(Number)
      .filter((child) => child > 0);
  } catch {
    return [];
  }
}

export function workerOf(gateway: Pick<TestGateway, 'pid'>): number {
  const [worker] = workersOf(gateway);
  if (worker === undefined) throw new Error('The keeper has no worker');
  return worker;
}
