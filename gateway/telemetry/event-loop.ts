import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The histogram samples so often; what is shorter is not seen. */
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

export type EventLoopLag = { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };

/** How late this process comes to do what is due: measured by the runtime, told since the last `take`. */
export function createEventLoopWatch() {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const late = (ns: number): number => Math.max(0, (Number.isFinite(ns) ? ns : 0) / NS_PER_MS - RESOLUTION_MS);
  return {
    start: (): void => void histogram.enable(),
    stop: (): void => void histogram.disable(),
    /** What was measured since the last time, and begins anew. */
    take: (): EventLoopLag => {
      const lag = {
        p50Ms: late(histogram.percentile(50)),
        p99Ms: late(histogram.percentile(99)),
        maxMs: late(histogram.max),
      };
      histogram.reset();
      return lag;
    },
  };
}
