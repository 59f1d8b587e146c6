import { ALARM_TYPES } from '../../../devices/alarm-types.ts';
import type { AlarmEvent, EventId } from '../../../devices/event.ts';
import type { Clock } from '../../clock.ts';
import { decodeEvent } from '../../ingest/event-json.ts';
import type { Directory } from '../../registry/directory.ts';
import type { CommitPlan, EntryDraft, GuardedKey } from '../commit.ts';
import type { Held } from '../held.ts';
import { MARK_TTL_MS } from '../identity.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import { guardIndex, withOpened, type OpenIndex } from '../open-index.ts';
import type { ChoosePolicy, PolicySnapshot } from '../policy.ts';
import { incidentIdOf, newRecord, type IncidentId } from '../record.ts';
import type { IncidentStore } from '../store.ts';

/** A plan that is refused so often meets something that it can never match. */
const MAX_ROUNDS = 20;

type Place = { readonly homeId: string | null; readonly region: string | null };

/** What can be told of an entry without examining what may have made it fail. */
export type Remains = {
  readonly incidentId: IncidentId;
  readonly event: AlarmEvent | null;
  readonly deviceId: string | null;
  /** The entry as it lay in the stream; null when even that is gone. */
  readonly text: string | null;
};

/** With `isDeadly` nobody looks into it: whoever did ended there. */
export function readRemains(streamId: string, text: string | null, isDeadly = false): Remains {
  const event = text === null || isDeadly ? null : decodeEvent(text);
  const deviceId: unknown = event?.deviceId;
  return {
    incidentId: incidentIdOf(event?.id ?? (`unprocessed-${streamId}` as EventId)),
    event,
    deviceId: typeof deviceId === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(deviceId) ? deviceId : null,
    text,
  };
}

/**
 * Opens "could not be processed". It rings as priority 1: nobody knows what it was, so it may be somebody on the floor. It
 * joins nothing and nothing joins it. `seen` is the mark of its ULID: a copy of it that comes later is the same alarm.
 */
export function planUnprocessed(input: {
  readonly remains: Remains;
  readonly place: Place;
  readonly policy: PolicySnapshot;
  readonly seen: string | null;
  readonly index: Held<OpenIndex>;
  readonly streamId: string;
  readonly nowMs: number;
}): CommitPlan {
  const { remains, place, policy, seen, index, streamId, nowMs } = input;
  const { incidentId, event, deviceId, text } = remains;
  const { lane, priority } = ALARM_TYPES.unprocessed;
  const subject = subjectOf(incidentId);
  const record = newRecord(
    {
      id: incidentId,
      type: 'unprocessed',
      lane,
      priority,
      ...place,
      residentId: null,
      deviceId,
      candidates: [],
      subject,
      flags: [],
      openedAt: nowMs,
      policy,
    },
    nowMs,
  );
  const guarded: GuardedKey[] = [guardIndex(subject, index, withOpened(index.value, incidentId))];
  if (event !== null) {
    guarded.push({ key: INCIDENT_KEYS.seen(event.id), was: seen, becomes: incidentId, ttlMs: MARK_TTL_MS });
  }
  const line = { incidentId, actor: 'system', at: nowMs };
  const opened: EntryDraft = {
    ...line,
    type: 'opened',
    data: { streamId, type: 'unprocessed', priority, ...(event === null ? {} : { alarmId: event.id, deviceId }) },
    // What cannot be kept as an event is kept as words that can be erased.
    ...(event === null && text !== null ? { personal: { entry: text } } : {}),
  };
  return {
    incidents: [{ record, was: null }],
    guarded,
    events: event === null || text === null ? [] : [{ id: event.id, incidentId, json: text }],
    entries: [opened, { ...line, type: 'rang', data: { reason: 'opened' } }],
    notifications: [],
    ack: streamId,
  };
}

/** Carries it out; several gateways may give the same entry up at once, and it opens once. */
export function createGiveUp(deps: {
  readonly store: Pick<IncidentStore, 'loadIncident' | 'loadIndex' | 'loadText' | 'commit'>;
  readonly directory: () => Pick<Directory, 'deviceAt' | 'home'>;
  readonly choosePolicy: ChoosePolicy;
  readonly clock: Clock;
}) {
  const { store, directory, choosePolicy, clock } = deps;
  return async (streamId: string, text: string | null, isDeadly = false): Promise<void> => {
    const remains = readRemains(streamId, text, isDeadly);
    const { incidentId, event, deviceId } = remains;
    const place = placeOf(deviceId, event?.receivedAt ?? clock.nowMs(), directory());
    const policy = choosePolicy({ type: 'unprocessed', ...ALARM_TYPES.unprocessed, ...place, residentId: null });
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const [existing, seen, index] = await Promise.all([
        store.loadIncident(incidentId),
        event === null ? null : store.loadText(INCIDENT_KEYS.seen(event.id)),
        store.loadIndex(subjectOf(incidentId)),
      ]);
      const plan =
        existing !== null || seen !== null
          ? { incidents: [], guarded: [], events: [], entries: [], notifications: [], ack: streamId }
          : planUnprocessed({
              remains,
              place,
              policy,
              seen,
              index,
              streamId,
              nowMs: clock.nowMs(),
            });
      if ((await store.commit(plan)).kind === 'done') return;
    }
    throw new Error('an alarm could not even be given up');
  };
}

function subjectOf(incidentId: IncidentId): string {
  return `unprocessed:${incidentId}`;
}

function placeOf(deviceId: string | null, atMs: number, register: Pick<Directory, 'deviceAt' | 'home'>): Place {
  const homeId = deviceId === null ? null : (register.deviceAt(deviceId, atMs)?.homeId ?? null);
  return { homeId, region: homeId === null ? null : (register.home(homeId)?.region ?? null) };
}
