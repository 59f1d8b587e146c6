import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { createInTurn } from '../in-turn.ts';
import { EmbeddedError } from './embedded-error.ts';
import { createServerProcess, type ServerProcess, type ServerSpec } from './server-process.ts';

/** One of the gateway's own servers. `start()` and `stop()` may each be called again, and during one another. */
export type EmbeddedServer = {
  /** Starts or adopts the server and gives its URL. @throws {EmbeddedError} */
  readonly start: () => Promise<string>;
  /** Ends it in bounded time, also while it is starting. */
  readonly stop: () => Promise<void>;
  /** It takes commands now, as far as the last look (four a second) showed. */
  readonly isUp: () => boolean;
  readonly pid: () => number | undefined;
  /** Where it listens, once that is known; it need not be up. */
  readonly url: () => string | undefined;
};

export type Prepared = {
  readonly spec: ServerSpec;
  readonly url: string;
  readonly afterStart: () => Promise<void>;
  readonly afterStop: () => Promise<void>;
};

/** `prepare` finds binaries and folders; it runs at each start. */
export function createEmbeddedServer(prepare: () => Promise<Prepared>, logger: Logger, clock: Clock): EmbeddedServer {
  let running: (Prepared & { readonly server: ServerProcess }) | undefined;
  let stops = 0;
  const inTurn = createInTurn();

  async function start(stopsBefore: number): Promise<string> {
    if (running === undefined) {
      const prepared = await prepare();
      running = { ...prepared, server: createServerProcess(prepared.spec, logger, clock) };
    }
    if (stops !== stopsBefore)
      throw new EmbeddedError('stopped', `${running.spec.name} was stopped before it was ready`);
    await running.server.start();
    await running.afterStart();
    return running.url;
  }

  async function stop(interrupted: Promise<void> | undefined): Promise<void> {
    // A start that was cut short has told its caller.
    await Promise.allSettled([interrupted]);
    await running?.server.stop();
    await running?.afterStop();
    running = undefined;
  }

  return {
    start: () => {
      const stopsBefore = stops;
      return inTurn(() => start(stopsBefore));
    },
    stop: () => {
      stops += 1;
      const interrupted = running?.server.stop();
      return inTurn(() => stop(interrupted));
    },
    isUp: () => running?.server.isUp() ?? false,
    pid: () => running?.server.pid(),
    url: () => running?.url,
  };
}
