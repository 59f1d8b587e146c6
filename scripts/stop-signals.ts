/** SIGHUP: the terminal was closed. Whatever runs in it must not leave its servers behind. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborted by the first signal that asks for the end; the same one again ends the process as it would have without this. */
export function abortOnSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of STOP_SIGNALS) process.once(name, () => stop.abort());
  return stop.signal;
}
