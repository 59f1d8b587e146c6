import { BUCKETS, type Bucket } from '../../api/contract/observations.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const BUCKET_MS = {
  '1m': MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '3h': 180 * MINUTE_MS,
  '6h': 360 * MINUTE_MS,
  '12h': 720 * MINUTE_MS,
  '1d': DAY_MS,
  '7d': 7 * DAY_MS,
} as const satisfies Record<Bucket, number>;

/** 2000-01-03, a Monday. */
const ORIGIN_MS = Date.UTC(2000, 0, 3);
/** More than a screen is wide; chosen. */
const MOST_POINTS = 5000;
/** What a chart needs where nobody asks for more; chosen. */
const GOOD_POINTS = 600;
/** Readings themselves are looked at so far: at one each 10 s a quarter of a million; chosen. */
const MOST_OF_READINGS_MS = 31 * DAY_MS;
/** Years that are written with four digits whatever the bucket, and that nobody's readings are from beyond; chosen. */
const EARLIEST_MS = 0;
const LATEST_MS = Date.UTC(2200, 0, 1);

export type Span = {
  readonly bucket: Bucket;
  readonly stepMs: number;
  /** Whole buckets. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly originMs: number;
  readonly from: 'readings' | 'hours';
};

/**
 * - `reversed`: the span ends before it begins
 * - `out-of-range`: it begins before 1970 or ends after 2199
 * - `too-many-points`: a wider bucket, or a shorter span
 * - `too-long`: buckets below an hour reach over 31 days at most
 */
export type SpanFault = 'reversed' | 'out-of-range' | 'too-many-points' | 'too-long';

/** What is wrong with where a span begins and ends. Pure. */
export function judgeEnds({
  fromMs,
  toMs,
}: {
  readonly fromMs: number;
  readonly toMs: number;
}): 'reversed' | 'out-of-range' | null {
  if (!(fromMs < toMs)) return 'reversed';
  return fromMs < EARLIEST_MS || toMs > LATEST_MS ? 'out-of-range' : null;
}

/** How a span is answered: in the bucket that is asked for, else in the narrowest that makes a good chart. Pure. */
export function planSpan(wanted: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bucket?: Bucket | undefined;
  /** Minutes east of UTC at which days begin; whole hours. */
  readonly offset?: number | undefined;
}): Span | SpanFault {
  const { fromMs, toMs, bucket, offset = 0 } = wanted;
  const fault = judgeEnds(wanted);
  if (fault !== null) return fault;
  const lengthMs = toMs - fromMs;
  const isRead = (each: Bucket): boolean => isBelowHour(each) && lengthMs > MOST_OF_READINGS_MS;
  const chosen = bucket ?? BUCKETS.find((each) => lengthMs / BUCKET_MS[each] <= GOOD_POINTS && !isRead(each)) ?? '7d';
  if (isRead(chosen)) return 'too-long';
  const stepMs = BUCKET_MS[chosen];
  if (lengthMs / stepMs > MOST_POINTS) return 'too-many-points';
  const originMs = ORIGIN_MS - offset * MINUTE_MS;
  const floor = (ms: number): number => originMs + Math.floor((ms - originMs) / stepMs) * stepMs;
  return {
    bucket: chosen,
    stepMs,
    fromMs: floor(fromMs),
    toMs: floor(toMs + stepMs - 1),
    originMs,
    from: isBelowHour(chosen) ? 'readings' : 'hours',
  };
}

function isBelowHour(bucket: Bucket): boolean {
  return BUCKET_MS[bucket] < BUCKET_MS['1h'];
}
