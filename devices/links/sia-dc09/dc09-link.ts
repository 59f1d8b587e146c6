import { createDc09Counters, type Dc09Counters } from './counters.ts';
import type { ReceiverCounts } from '../ports.ts';
import { createRunner } from '../runner.ts';
import { DEFAULT_DC09_LIMITS } from './limits.ts';
import type { Dc09LinkOptions } from './link-options.ts';
import { runLink, type RunningLink } from './running-link.ts';

export type Dc09Health = {
  readonly status: 'ok' | 'failed';
  readonly detail: string;
  readonly connections: number;
  readonly inFlightBytes: number;
  readonly counters: Readonly<Dc09Counters>;
};

export type Dc09Link = {
  readonly name: string;
  /** Listens. Rejects with LinkError `port-in-use`, `port-forbidden` or `listen-failed`. Twice: the same port again. */
  readonly start: () => Promise<{ port: number }>;
  /** Stops listening, lets alarms at the door settle for a moment, closes every connection. */
  readonly stop: () => Promise<void>;
  readonly health: () => Dc09Health;
  readonly counts: () => ReceiverCounts;
};

/** A receiver of ANSI/SIA DC-09 over TCP and UDP. */
export function createDc09Link(options: Dc09LinkOptions): Dc09Link {
  const limits = { ...DEFAULT_DC09_LIMITS, ...options.limits };
  const counters = createDc09Counters();
  const runner = createRunner(() => runLink(options, limits, counters));

  return {
    name: options.name,
    start: async () => ({ port: (await runner.start()).port }),
    stop: runner.stop,
    health: () => {
      const running = runner.running();
      return {
        status: running === undefined ? 'failed' : 'ok',
        detail: running === undefined ? 'not listening' : describe(running, counters),
        connections: running?.connections() ?? 0,
        inFlightBytes: running?.inFlightBytes() ?? 0,
        counters,
      };
    },
    counts: () => ({
      frames: counters.frames,
      unreadable: counters.wrongCrc + counters.badHeader,
      acked: counters.acked,
      notDurable: counters.alarmsNotDurable,
    }),
  };
}

/** What somebody wants to know who stands before a panel that gets no answer. */
function describe({ port }: RunningLink, counters: Dc09Counters): string {
  const { frames, wrongCrc, badHeader, notDecrypted, wrongTime } = counters;
  const counts = [
    `${frames} frames`,
    `${wrongCrc + badHeader} unreadable`,
    `${notDecrypted} not decrypted`,
    `${wrongTime} with a wrong clock`,
  ];
  return `listening on port ${port}, TCP and UDP; ${counts.join(', ')}`;
}
