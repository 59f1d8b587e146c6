import { setTimeout as delay } from 'node:timers/promises';

/** Calls `act` when each of `perS` a second is due, with the moment it was due. Answers how late the calls were. */
export async function pace(perS: number, forMs: number, act: (n: number, dueMs: number) => void): Promise<number[]> {
  const lags: number[] = [];
  if (perS <= 0) {
    await delay(forMs);
    return lags;
  }
  const beganMs = performance.now();
  const total = Math.floor((perS * forMs) / 1000);
  for (let n = 0; n < total;) {
    const nowMs = performance.now();
    for (; n < total && beganMs + (n * 1000) / perS <= nowMs; n += 1) {
      const dueMs = beganMs + (n * 1000) / perS;
      lags.push(nowMs - dueMs);
      act(n, dueMs);
    }
    await delay(1);
  }
  return lags;
}
