import { createDc09Counters, type Dc09Counters } from './counters.ts';
import type { ReceiverCounts } from '../ports.ts';
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
  let starting: Promise<RunningLink> | undefined;
  let running: RunningLink | undefined;
  let stopping: Promise<void> = Promise.resolve();

  const begin = async (): Promise<RunningLink> => {
    await stopping;
    running = await runLink(options, limits, counters);
    return running;
  };
  return {
    name: options.name,
    start: async () => {
      starting ??= begin().catch((error: unknown) => {
        starting = undefined;
        throw error;
      });
      return { port: (await starting).port };
    },
    stop: async () => {
      const ending = starting;
      starting = undefined;
      if (ending !== undefined) {
        stopping = ending.then(
          (link) => {
            running = undefined;
            return link.stop();
          },
          // A start that failed has told its caller; there is nothing to stop.
          () => undefined,
        );
      }
      await stopping;
    },
    health: () => ({
      status: running === undefined ? 'failed' : 'ok',
      detail: running === undefined ? 'not listening' : describe(running, counters),
      connections: running?.connections() ?? 0,
      inFlightBytes: running?.inFlightBytes() ?? 0,
      counters,
    }),
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
