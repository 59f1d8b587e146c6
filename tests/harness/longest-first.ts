import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that took longest in a whole run on two cores, longest first: most of their time is waiting. Begun last, one of them
 * would keep one core busy while the others have nothing to do.
 */
export const LONGEST = [
  'tests/smoke/kill-gateway-loses-nothing.test.ts',
  'tests/smoke/deadline-survives-kill-and-restart.test.ts',
  'tests/smoke/redis-back-empty-is-refilled.test.ts',
  'tests/guards/checks.test.ts',
  'tests/smoke/deadline-rings-again.test.ts',
  'tests/smoke/acked-vitals-are-stored-once.test.ts',
  'tests/smoke/dead-worker-is-restarted.test.ts',
  'tests/smoke/bad-start.test.ts',
  'tests/smoke/claim-lapses-and-rings-again.test.ts',
  'tests/smoke/stuck-loop-is-ended-and-rings.test.ts',
  'tests/smoke/auditor-finds-a-planted-hole.test.ts',
  'tests/smoke/nobody-on-duty-is-not-silence.test.ts',
  'tests/smoke/empty-step-is-passed-at-once.test.ts',
  'tests/smoke/clock-back-an-hour-rings-on-time.test.ts',
  'tests/smoke/two-gateways-one-incident.test.ts',
  'tests/smoke/one-of-two-loses-redis.test.ts',
  'tests/smoke/engine-killed-another-takes-over.test.ts',
  'tests/smoke/people-go-on-without-postgres.test.ts',
  'tests/smoke/restored-site-rings-on.test.ts',
  'tests/smoke/stalled-subscriber-loses-nothing.test.ts',
  'tests/smoke/dispatcher-killed-mid-step-dispatches-once.test.ts',
  'tests/smoke/silent-device-is-noticed-and-restores.test.ts',
  'tests/gateway/notify/outages.real.test.ts',
  'tests/smoke/disk-full-says-so-and-loses-nothing.test.ts',
  'tests/smoke/helper-is-told-without-redis.test.ts',
  'tests/smoke/scope-never-hides-an-alarm.test.ts',
  'tests/gateway/embedded/postgres.real.test.ts',
  'tests/browser/sos-rings-on-the-page.test.ts',
  'tests/browser/dead-gateway-shows-on-the-page.test.ts',
  'tests/browser/vital-signs-are-charted.test.ts',
  'tests/browser/broken-page-is-not-attended.test.ts',
] as const;

/** The longest first, the others in vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- The sequencer's own; it has no other name.
    const usual = await super.sort(files);
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}`));
      return rank === -1 ? LONGEST.length : rank;
    };
    return usual.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
