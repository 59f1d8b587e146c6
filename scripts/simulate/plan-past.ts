const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** What is looked at closely. */
const RECENT_DAYS = 2;

/** A stretch of the past in which somebody was measured so often. */
export type Stretch = { readonly fromMs: number; readonly toMs: number; readonly everyMs: number };

/** So many days before now: each ten minutes, and of late each minute, so that a chart of any span has what it shows. Chosen. */
export function planPast(nowMs: number, days: number): Stretch[] {
  const recentMs = nowMs - Math.min(days, RECENT_DAYS) * DAY_MS;
  const stretches = [
    { fromMs: nowMs - days * DAY_MS, toMs: recentMs, everyMs: 10 * MINUTE_MS },
    { fromMs: recentMs, toMs: nowMs, everyMs: MINUTE_MS },
  ];
  return stretches.filter(({ fromMs, toMs }) => fromMs < toMs);
}

/** The same, cut at whole days: one day is one piece of the table. */
export function cutAtDays(stretches: readonly Stretch[]): Stretch[] {
  return stretches.flatMap(({ fromMs, toMs, everyMs }) => {
    const pieces: Stretch[] = [];
    for (let at = fromMs; at < toMs;) {
      const day = (Math.floor(at / DAY_MS) + 1) * DAY_MS;
      const steps = Math.ceil((Math.min(day, toMs) - at) / everyMs);
      const next = Math.min(at + steps * everyMs, toMs);
      pieces.push({ fromMs: at, toMs: next, everyMs });
      at = next;
    }
    return pieces;
  });
}
