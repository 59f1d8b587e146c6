import type { Painted } from './eye.ts';

const PATIENCE_MS = 30_000;

/** What the eye tells, one after another, for whoever waits for the next. */
export type Seen = {
  readonly tell: (painted: Painted) => void;
  /** The next row that is painted after this was called. @throws Error when none is for so long */
  readonly next: () => Promise<Painted>;
};

export function createSeen(): Seen {
  let waiting: ((painted: Painted) => void) | null = null;
  return {
    tell: (painted) => waiting?.(painted),
    next: async () => {
      const { promise, resolve, reject } = Promise.withResolvers<Painted>();
      waiting = resolve;
      const patienceTimer = setTimeout(() => reject(new Error('a press was never painted')), PATIENCE_MS);
      // Whoever ends the bench meanwhile does not wait for it.
      patienceTimer.unref();
      try {
        return await promise;
      } finally {
        waiting = null;
        clearTimeout(patienceTimer);
      }
    },
  };
}
