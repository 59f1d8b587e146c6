import { BEAT_EVERY_MS, RESTARTED_BECAUSE, type FromWorker, type Listening } from './messages.ts';

/** The worker's end of the channel to its keeper. */
export type Kept = {
  /** The process that people see as the gateway: its pid is told, its signals count. */
  readonly keeperPid: number;
  /** Why the worker before this one ended; null for the first. */
  readonly restartedBecause: string | null;
  readonly listening: (where: Omit<Listening, 'kind'>) => void;
  /** Lets go of the keeper, so that this process can end. */
  readonly release: () => void;
};

/**
 * Begins to beat for a keeper; null where there is none. A worker whose keeper is gone ends at once: whoever killed that one
 * wants the gateway dead, and starts another on the same data (what was acknowledged is on disk).
 */
export function beatForKeeper(env: Readonly<Record<string, string | undefined>>, onOrphaned: () => void): Kept | null {
  if (process.send === undefined) return null;
  const send = (message: FromWorker): void => {
    // It fails only when the keeper is gone, which `disconnect` tells.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  const beatTimer = setInterval(() => send({ kind: 'beat' }), BEAT_EVERY_MS);
  beatTimer.unref();
  process.once('disconnect', onOrphaned);
  process.channel?.unref();
  return {
    keeperPid: process.ppid,
    restartedBecause: env[RESTARTED_BECAUSE] ?? null,
    listening: (where) => send({ kind: 'listening', ...where }),
    release: () => {
      clearInterval(beatTimer);
      process.off('disconnect', onOrphaned);
      if (process.connected) process.disconnect();
    },
  };
}
