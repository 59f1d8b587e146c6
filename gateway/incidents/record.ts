import type { AlarmType, Lane, Priority } from '../../devices/alarm-types.ts';
import type { EventId } from '../../devices/event.ts';
import type {
  AuthorityService,
  ContactKind,
  IncidentFlag,
  IncidentState,
  Outcome,
  RingCircle,
} from '../api/contract/incident.ts';
import type { LadderRun, PolicySnapshot } from './policy.ts';

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
  /** Of every alarm that it has had, in order of coming; each type's plan is followed (`advice.ts`). */
  readonly types: readonly AlarmType[];
  readonly lane: Lane;
  readonly priority: Priority;
  readonly homeId: string | null;
  readonly residentId: string | null;
  readonly deviceId: string | null;
  readonly region: string | null;
  /** Residents it may be about, where its device does not tell. */
  readonly candidates: readonly string[];
  /** Somebody has said who it is; the device could not. */
  readonly wasIdentified: boolean;
  /** Whose open incidents it stands among; key of the open-index. */
  readonly subject: string;
  /** Where else it is looked for: under its device, when the person became certain only later; where a merged case stood. */
  readonly alsoAmong: readonly string[];
  readonly presses: number;
  readonly flags: readonly IncidentFlag[];
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly ownerId: string | null;
  readonly ringing: boolean;
  readonly rangAt: number;
  /** At whom it rings while `ringing`. */
  readonly circles: readonly RingCircle[];
  /** It has rung beyond its region, or its region had nobody: from then on everybody who works on cases sees it. */
  readonly isForAll: boolean;
  /** How far a missed deadline has gone while somebody owns it: nothing yet, the owner was asked, colleagues were rung. */
  readonly asked: 'nobody' | 'owner' | 'colleagues';
  /** When somebody was last asked; further presses do not put it off. Epoch milliseconds. */
  readonly askedAt: number;
  /** What was chosen when it opened. */
  readonly policy: PolicySnapshot;
  /** The pass that is under way; null while its owner attends to it. What nobody owns always has one, unless it is shelved. */
  readonly ladder: LadderRun | null;
  /** How many passes it has had. */
  readonly passes: number;
  /** The last thing somebody did about it (opening counts): deadlines run from here or from the last ring. */
  readonly progressAt: number;
  readonly shelvedUntil: number | null;
  /** The helper who was sent, has accepted, is there. */
  readonly helperId: string | null;
  /** Helpers who were told of it: they may say that they go, and see it. */
  readonly toldIds: readonly string[];
  /** When an accepted helper promised to be there. */
  readonly promisedAt: number | null;
  /** To whom its owner wants to hand it over; that person has it when they claim it. */
  readonly handoverTo: string | null;
  /** The last call to an authority (120, 110, 119) and its last news; it has a deadline beside that of the state. */
  readonly authority: AuthorityCall | null;
  /** Every authority that was called for it. */
  readonly services: readonly AuthorityService[];
  /** When somebody first had it. */
  readonly claimedAt: number | null;
  readonly shownAt: number | null;
  /** When somebody last spoke. */
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
  | 'policy'
>;

/** A fresh incident: it rings, nobody has it, and its first deadline runs from `nowMs`. */
export function newRecord(opening: Opening, nowMs: number): OpenIncident {
  return {
    ...opening,
    version: 1,
    types: [opening.type],
    wasIdentified: false,
    alsoAmong: [],
    state: 'open',
    presses: 1,
    updatedAt: nowMs,
    ownerId: null,
    ringing: true,
    rangAt: nowMs,
    circles: ['duty'],
    isForAll: opening.region === null,
    asked: 'nobody',
    askedAt: nowMs,
    // The first step has not been looked at yet: it is due at once and tells who is there.
    ladder: { pass: 1, next: 0, startedAt: nowMs, hasReached: false, exceptId: null },
    passes: 1,
    progressAt: nowMs,
    shelvedUntil: null,
    helperId: null,
    toldIds: [],
    promisedAt: null,
    handoverTo: null,
    authority: null,
    services: [],
    claimedAt: null,
    shownAt: null,
    voiceAt: null,
    resolution: null,
  };
}

/** Every key of the open-index that an open incident stands under. */
export function subjectsOf({ subject, alsoAmong }: Pick<IncidentRecord, 'subject' | 'alsoAmong'>): readonly string[] {
  return [...new Set([subject, ...alsoAmong])];
}

export type AuthorityCall = {
  readonly service: AuthorityService;
  readonly stage: 'called' | 'arrived';
  /** Epoch milliseconds of its last news. */
  readonly at: number;
};

export type Resolution = {
  readonly outcome: Outcome;
  readonly contact: ContactKind | null;
  readonly at: number;
  readonly by: string;
  /** The case that has its alarms now. */
  readonly mergedInto?: IncidentId;
};

export type OpenState = Exclude<IncidentState, 'resolved'>;

export type OpenIncident = IncidentRecord & { readonly state: OpenState };

export function isOpen(incident: IncidentRecord): incident is OpenIncident {
  return incident.state !== 'resolved';
}
