/**
 * Epoch milliseconds with the fineness of the monotonic clock. Set at a tick of the system's clock, so that several processes
 * of one machine agree to about a tenth of a millisecond; where one began is no part of it. Set it again after minutes: the
 * system's clock may be put right meanwhile.
 */
export function createWallClock(): () => number {
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  const offsetMs = now - performance.now();
  return () => performance.now() + offsetMs;
}
