/**
 * Runs one thing at a time and answers each call with a run that began after it: callers that come while one is under
 * way share the next.
 */
export function coalesce(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    const mine = run().finally(() => {
      if (running === mine) running = undefined;
    });
    running = mine;
    return mine;
  };
  const beginNext = (): Promise<void> => {
    next = undefined;
    return begin();
  };
  return () => {
    // A waiting run has not begun, so it serves this call too.
    if (next !== undefined) return next;
    if (running === undefined) return begin();
    next = running.then(beginNext, beginNext);
    return next;
  };
}
