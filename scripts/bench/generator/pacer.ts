import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';

/**
 * A timer comes up to a millisecond late, which would be half of what a press takes. Who sends seldom wakes this much earlier
 * and waits for the moment; who sends often has no processor to spare for that.
 */
const EARLY_MS = 1.5;
const SELDOM_MS = 5;

/** Calls `act` when each of `perS` a second is due, with the moment it was due. Answers how late the calls were. */
export async function pace(perS: number, forMs: number, act: (n: number, dueMs: number) => void): Promise<number[]> {
  const lags: number[] = [];
  if (perS <= 0) {
    await delay(forMs);
    return lags;
  }
  const everyMs = 1000 / perS;
  const beganMs = performance.now();
  const total = Math.floor(forMs / everyMs);
  for (let n = 0; n < total;) {
    const nowMs = performance.now();
    for (; n < total && beganMs + n * everyMs <= nowMs; n += 1) {
      const dueMs = beganMs + n * everyMs;
      lags.push(nowMs - dueMs);
      act(n, dueMs);
    }
    const earlyMs = beganMs + n * everyMs - performance.now() - EARLY_MS;
    if (everyMs < SELDOM_MS) await delay(1);
    else if (earlyMs >= 1) await delay(earlyMs);
    else await turn();
  }
  return lags;
}
