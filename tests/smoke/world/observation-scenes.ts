import fc from 'fast-check';
import { BUCKETS, type Bucket } from '../../../gateway/api/contract/observations.ts';
import type { Observation } from '../../../gateway/telemetry/observation.ts';
import { BUCKET_MS, planSpan, type Span } from '../../../gateway/telemetry/observations/span.ts';

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Points of an answer: below what the API allows. */
const MOST = 4000;
/** Of a scene, beginning on a Monday. */
export const SCENE_DAYS = 16;

export const WHO = ['wang', 'li'] as const;
export const WATCHES = ['watch-1', 'watch-2'] as const;
export const METRICS = ['spo2', 'heart-rate'] as const;

/** Times are counted from the beginning of the scene. */
export type SceneReading = Omit<Observation, 'residentId' | 'receivedAt'> & {
  readonly who: (typeof WHO)[number] | null;
};
export type Round = {
  readonly readings: readonly SceneReading[];
  /** Afterwards hours are closed as if it were then, and days before are compressed; null: not yet. */
  readonly settledAt: number | null;
};
export type Question = {
  readonly who: (typeof WHO)[number];
  readonly metric: string;
  readonly bucket: Bucket;
  readonly fromMs: number;
  readonly lengthMs: number;
  readonly offset: number;
};
export type Scene = { readonly rounds: readonly Round[]; readonly questions: readonly Question[] };

/** Where hours, days, weeks and days in China begin, a millisecond around it, and any time: few enough for duplicates. */
const time = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: SCENE_DAYS - 1 }), fc.constantFrom(0, 1, 16, 23), fc.constantFrom(0, 1, -1))
    .map(([day, hour, off]) => Math.max(0, day * DAY_MS + hour * HOUR_MS + off)),
  fc.integer({ min: 0, max: SCENE_DAYS * DAY_MS }),
);

const reading: fc.Arbitrary<SceneReading> = fc.record({
  who: fc.constantFrom(...WHO, null),
  deviceId: fc.constantFrom(...WATCHES),
  metric: fc.constantFrom(...METRICS),
  ts: time,
  // Sums of such values are exact in whatever order they are made.
  value: fc.integer({ min: -400, max: 4000 }).map((quarters) => quarters / 4),
  flags: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 31 }) }),
});

const round: fc.Arbitrary<Round> = fc.record({
  readings: fc.array(reading, { minLength: 1, maxLength: 60, size: 'max' }),
  settledAt: fc.option(time, { nil: null }),
});

const question: fc.Arbitrary<Question> = fc.record({
  who: fc.constantFrom(...WHO),
  metric: fc.constantFrom(...METRICS),
  bucket: fc.constantFrom(...BUCKETS),
  fromMs: time,
  lengthMs: fc.integer({ min: 1, max: (SCENE_DAYS + 2) * DAY_MS }),
  // UTC, China, and the ends of the world.
  offset: fc.constantFrom(0, 480, -720, 840),
});

export const scene: fc.Arbitrary<Scene> = fc.record({
  rounds: fc.array(round, { minLength: 2, maxLength: 4 }),
  questions: fc.array(question, { minLength: 10, maxLength: 20, size: 'max' }),
});

/** All that there is of a person in buckets of every width, so that no scene leaves one out. */
export function askAll(who: (typeof WHO)[number], metric: string): Question[] {
  return BUCKETS.map((bucket) => ({ who, metric, bucket, fromMs: 0, lengthMs: SCENE_DAYS * DAY_MS, offset: 480 }));
}

/** As the API plans it; what would be too many points is shortened. */
export function planQuestion({ bucket, fromMs, lengthMs, offset }: Question, baseMs: number): Span {
  const begin = baseMs + fromMs;
  const span = planSpan({ fromMs: begin, toMs: begin + Math.min(lengthMs, MOST * BUCKET_MS[bucket]), bucket, offset });
  if (typeof span === 'string') throw new Error(span);
  return span;
}
