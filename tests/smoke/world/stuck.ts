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
