/** Between two looks the two clocks differ by less, unless the computer slept or its clock was put forward (chosen). */
const JUMP_MS = 2000;

/**
 * A monotonic clock that counts sleep too: in some browsers `performance.now()` stands still while the computer sleeps, and
 * what was heard before it would pass for fresh. To be read often. A wall clock that is put forward passes for sleep, so the
 * screen is taken for old until the next sign of life; one that is put back changes nothing. Milliseconds.
 */
export function createAwakeClock(monoMs: () => number, wallMs: () => number): () => number {
  let last = { mono: monoMs(), wall: wallMs() };
  let sleptMs = 0;
  return () => {
    const now = { mono: monoMs(), wall: wallMs() };
    const missingMs = now.wall - last.wall - (now.mono - last.mono);
    if (missingMs > JUMP_MS) sleptMs += missingMs;
    last = now;
    return now.mono + sleptMs;
  };
}
