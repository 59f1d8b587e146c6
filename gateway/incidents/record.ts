import type { AlarmType, Lane, Priority } from '../../devices/alarm-types.ts';
import type { EventId } from '../../devices/event.ts';
import type { ContactKind, IncidentFlag, IncidentState, Outcome } from '../api/contract/incident.ts';

/** `inc-` and the ULID of the alarm that opened it: every gateway derives the same id from the same alarm. */
export type IncidentId = string & { readonly __brand: 'IncidentId' };

export function incidentIdOf(opening: EventId): IncidentId {
  return `inc-${opening}` as IncidentId;
}

/**
 * The incident as stored: ids, codes and times only. What people said, names and positions lie beside it under keys of
 * their own, so that they can be erased (design §7). Times are epoch milliseconds of the gateway that wrote them.
 */
export type IncidentRecord = {
  readonly id: IncidentId;
  readonly version: number;
  readonly state: IncidentState;
  readonly type: AlarmType;
  readonly lane: Lane;
  readonly priority: Priority;
  readonly homeId: string | null;
  readonly residentId: string | null;
  readonly deviceId: string | null;
  readonly region: string | null;
  /** Residents it may be about while `residentId` is null. */
  readonly candidates: readonly string[];
  /** Whose open incidents it stands among; key of the open-index. */
  readonly subject: string;
  readonly presses: number;
  readonly flags: readonly IncidentFlag[];
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly ownerId: string | null;
  readonly ringing: boolean;
  readonly rangAt: number;
  /** The last thing somebody did about it (opening counts): deadlines run from here or from the last ring. */
  readonly progressAt: number;
  readonly shelvedUntil: number | null;
  /** When an accepted helper promised to be there. */
  readonly promisedAt: number | null;
  readonly shownAt: number | null;
  readonly voiceAt: number | null;
  readonly resolution: Resolution | null;
};

/** What differs between one fresh incident and the next. */
export type Opening = Pick<
  IncidentRecord,
  | 'id'
  | 'type'
  | 'lane'
  | 'priority'
  | 'homeId'
  | 'residentId'
  | 'deviceId'
  | 'region'
  | 'candidates'
  | 'subject'
  | 'flags'
  | 'openedAt'
>;

/** A fresh incident: it rings, nobody has it, and its first deadline runs from `nowMs`. */
export function newRecord(opening: Opening, nowMs: number): OpenIncident {
  return {
    ...opening,
    version: 1,
    state: 'open',
    presses: 1,
    updatedAt: nowMs,
    ownerId: null,
    ringing: true,
    rangAt: nowMs,
    progressAt: nowMs,
    shelvedUntil: null,
    promisedAt: null,
    shownAt: null,
    voiceAt: null,
    resolution: null,
  };
}

export type Resolution = {
  readonly outcome: Outcome;
  readonly contact: ContactKind | null;
  readonly at: number;
  readonly by: string;
};

export type OpenState = Exclude<IncidentState, 'resolved'>;

export type OpenIncident = IncidentRecord & { readonly state: OpenState };

export function isOpen(incident: IncidentRecord): incident is OpenIncident {
  return incident.state !== 'resolved';
}
