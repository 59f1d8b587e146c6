import type { AlarmInput, AlarmView } from './alarm-view.ts';
import type { CommitPlan, GuardedKey } from './commit.ts';
import type { AlarmFacts } from './facts.ts';
import { calcRepeatKey, MARK_TTL_MS, nextTrust, readClock, type RepeatMark } from './identity.ts';
import { INCIDENT_KEYS } from './keys.ts';

/** What the seen mark holds for an alarm that belongs to no incident. */
export const NO_INCIDENT = '-';

/** What marks are made from. */
export type Taken = {
  readonly event: AlarmInput['event'];
  readonly facts: Pick<AlarmFacts, 'deviceKey'>;
  readonly view: Pick<AlarmView, 'seen' | 'repeat' | 'trust'>;
};

/** This ULID was decided: whoever brings it again is answered and nothing happens. */
export function seenMark({ event, view }: Pick<Taken, 'event' | 'view'>, incidentId: string | null): GuardedKey {
  const key = INCIDENT_KEYS.seen(event.id);
  return { key, was: view.seen.raw, becomes: incidentId ?? NO_INCIDENT, ttlMs: MARK_TTL_MS };
}

/** Seen, the repeat mark and the trust in the device's clock: written with every alarm that is taken. */
export function takenMarks(input: Taken, incidentId: string | null): GuardedKey[] {
  const { event, facts, view } = input;
  const { key } = calcRepeatKey(event, view.trust.value, facts.deviceKey);
  const mark: RepeatMark = { eventId: event.id, incidentId, receivedAt: event.receivedAt };
  const repeat = { key: INCIDENT_KEYS.repeat(key), was: view.repeat.raw, becomes: JSON.stringify(mark) };
  return [seenMark(input, incidentId), { ...repeat, ttlMs: MARK_TTL_MS }, ...trustMark(input)];
}

/** Only what a device says about its own clock, and says itself, counts. */
function trustMark({ event, facts, view }: Taken): GuardedKey[] {
  const trust = nextTrust(view.trust.value, readClock(event.message.at, event.receivedAt));
  if (trust === null || trust === view.trust.value) return [];
  if (facts.deviceKey === null || event.standing !== 'verified') return [];
  const key = INCIDENT_KEYS.clock(facts.deviceKey);
  return [{ key, was: view.trust.raw, becomes: trust, ttlMs: MARK_TTL_MS }];
}

/** The event itself, kept beside the log under its ULID and listed with its incident. */
export function keepEvent(
  { event }: Pick<AlarmInput, 'event'>,
  incidentId: string | null,
): CommitPlan['events'][number] {
  return { id: event.id, incidentId, json: JSON.stringify(event) };
}
