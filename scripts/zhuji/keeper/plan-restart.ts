/** How a worker ended, and what was known of it. */
export type WorkerEnd = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** This worker has listened. */
  readonly hasListened: boolean;
  /** Some worker of this keeper has. */
  readonly hasEverListened: boolean;
  /** Somebody asked us to end. */
  readonly isStopping: boolean;
  readonly livedMs: number;
  /** Deaths in a row before this one, each soon after its start. */
  readonly quickDeaths: number;
};

export type RestartPlan =
  | { readonly do: 'end'; readonly code: number }
  | { readonly do: 'restart'; readonly afterMs: number; readonly quickDeaths: number };

/** Exit code for wrong usage and wrong settings (design §8): no restart makes them right. */
const WRONG_SETTINGS = 2;
/** First wait and longest; chosen. The first keeps the promise of 2 s with a start's own time. */
const RESTART_MS = { first: 50, most: 15_000 };
/** Who lives for so long has recovered, and the next restart is quick again. Chosen. */
const STEADY_MS = 20_000;

/**
 * What becomes of a gateway whose worker ended. Pure. It is started anew for as long as it takes, unless it was told to end,
 * its settings are wrong, or it never came up and says why.
 */
export function planRestart(end: WorkerEnd): RestartPlan {
  if (end.isStopping) return { do: 'end', code: end.code ?? 1 };
  if (end.code === 0 || end.code === WRONG_SETTINGS) return { do: 'end', code: end.code };
  // A port or a folder in use: it has said so. Killed before it could say anything it gets another chance.
  if (!end.hasEverListened && end.code === 1) return { do: 'end', code: 1 };
  const quickDeaths = end.livedMs >= STEADY_MS ? 0 : end.quickDeaths;
  const afterMs = Math.min(RESTART_MS.most, RESTART_MS.first * 2 ** Math.min(quickDeaths, 20));
  return { do: 'restart', afterMs, quickDeaths: quickDeaths + 1 };
}
