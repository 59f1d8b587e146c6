import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { errorCode } from '../errors.ts';
import type { EmbeddedServer } from './embedded-server.ts';

/** A large log takes its time to be read; the gateway can do without Redis meanwhile. Chosen. */
const LIMIT_MS = 3000;
const BACK_OFF_MS = { first: 1000, most: 15_000 };

/**
 * Starts a server that the gateway can do without: where it fails, or takes longer than the limit, `start` gives the URL all
 * the same and it is tried again in the background, for ever. What cannot even be prepared (no program, no folder) rejects.
 */
export function startPatiently(server: EmbeddedServer, logger: Logger, limitMs = LIMIT_MS): EmbeddedServer {
  let trying: Promise<void> | null = null;
  let end = new AbortController();

  async function tryOn(first: Promise<string>, signal: AbortSignal): Promise<void> {
    let attempt = first;
    for (let waitMs = BACK_OFF_MS.first; !signal.aborted; waitMs = Math.min(2 * waitMs, BACK_OFF_MS.most)) {
      try {
        await attempt;
        return;
      } catch (error) {
        if (signal.aborted) return;
        logger.error({ err: error, code: errorCode(error), waitMs }, 'embedded server does not start, tried again');
      }
      // Rejects when it is stopped, and the loop sees that.
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) attempt = server.start();
    }
  }

  async function start(): Promise<string> {
    end = new AbortController();
    const { signal } = end;
    const first = server.start();
    // Stopped while it starts: then the start itself tells how it ended.
    const limit = delay(limitMs, 'late' as const, { signal }).catch(() => 'late' as const);
    const outcome = await Promise.race([first.catch((error: unknown) => ({ error })), limit]);
    const url = server.url();
    if (typeof outcome === 'string' && outcome !== 'late') return outcome;
    if (url === undefined) {
      if (typeof outcome === 'object') throw outcome.error;
      // It is still being prepared: that fails, or ends soon.
      return first;
    }
    logger.error({ limitMs }, 'an embedded server is not ready, the gateway goes on without it');
    trying = tryOn(first, signal);
    return url;
  }

  return {
    ...server,
    start: () => (trying === null ? start() : Promise.resolve(server.url() ?? '')),
    stop: async () => {
      end.abort();
      await server.stop();
      await trying;
      trying = null;
    },
  };
}
