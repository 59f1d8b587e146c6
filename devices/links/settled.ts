/** Waits until all of these have ended, well or not, and no longer than so many milliseconds. */
export async function settledWithin(ms: number, all: Iterable<Promise<unknown>>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const lateTimer = setTimeout(resolve, ms);
  await Promise.race([Promise.allSettled(all), late]);
  clearTimeout(lateTimer);
}
