import { readFileSync } from 'node:fs';
import { startGateway, type GatewayOptions, type TestGateway } from '../../harness/gateway.ts';
import { signal } from '../../harness/processes-below.ts';

/** What stands still: everything, or one loop by its name while everything else lives. */
export type Stuck = 'event-loop' | 'dispatch' | 'log' | 'notifier' | 'engine';

/** A gateway in which `what` can be made to stand still. */
export function startStickable(what: Stuck, options: GatewayOptions = {}): Promise<TestGateway> {
  const fixture = new URL('stuck.fixture.ts', import.meta.url);
  const env = { ...options.env, NODE_OPTIONS: `--import=${fixture.href}`, STUCK: what };
  return startGateway({ ...options, env });
}

/** From now on it stands still, in the process that is the gateway's now; the next one is well. */
export function stick(pid: number): void {
  signal(pid, 'SIGUSR2');
}

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
