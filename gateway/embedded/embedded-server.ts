import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
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
};

export type Prepared = {
  readonly spec: ServerSpec;
  readonly url: string;
  readonly afterStart: () => Promise<void>;
};

/** `prepare` finds binaries and folders; done once, and again only when it failed. */
export function createEmbeddedServer(prepare: () => Promise<Prepared>, logger: Logger, clock: Clock): EmbeddedServer {
  let preparing: Promise<Prepared & { readonly server: ServerProcess }> | undefined;
  let server: ServerProcess | undefined;
  let stops = 0;

  async function prepareServer(): Promise<Prepared & { readonly server: ServerProcess }> {
    try {
      const prepared = await prepare();
      server = createServerProcess(prepared.spec, logger, clock);
      return { ...prepared, server };
    } catch (error) {
      preparing = undefined;
      throw error;
    }
  }

  return {
    async start() {
      const stopsBefore = stops;
      preparing ??= prepareServer();
      const prepared = await preparing;
      if (stops !== stopsBefore)
        throw new EmbeddedError('stopped', `${prepared.spec.name} was stopped before it was ready`);
      await prepared.server.start();
      await prepared.afterStart();
      return prepared.url;
    },
    async stop() {
      stops += 1;
      await Promise.allSettled([preparing]);
      await server?.stop();
    },
    isUp: () => server?.isUp() ?? false,
    pid: () => server?.pid(),
  };
}
