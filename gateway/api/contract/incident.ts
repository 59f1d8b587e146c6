import { Type, type Static } from 'typebox';
import { ALARM_TYPES, type AlarmType } from '../../../devices/alarm-types.ts';
import { Id, IsoTime, PhoneNumber, nullable, oneOf } from './primitives.ts';

/** States of design §4. Those that no action reaches yet stand here because the contract names them. */
export const INCIDENT_STATES = [
  'open',
  'claimed',
  'dispatched',
  'accepted',
  'arrived',
  'with-person',
  'handed-over',
  'shelved',
  'resolved',
] as const;
export const IncidentState = oneOf(INCIDENT_STATES);
export type IncidentState = Static<typeof IncidentState>;

export const INCIDENT_FLAGS = [
  'unregistered',
  'unverified',
  'retired',
  'no-resident',
  'late',
  'clock',
  'in-test',
  'drill',
  'degraded',
  'missed-call',
  'unconfirmed-number',
] as const;
export const IncidentFlag = oneOf(INCIDENT_FLAGS);
export type IncidentFlag = Static<typeof IncidentFlag>;

export const AlarmTypeSchema = oneOf(Object.keys(ALARM_TYPES) as AlarmType[]);

export const OUTCOMES = [
  'helped',
  'false-alarm',
  'hospital',
  'deceased',
  'no-need',
  'technical',
  'duplicate',
  'other',
] as const;
export const Outcome = oneOf(OUTCOMES);
export type Outcome = Static<typeof Outcome>;

/** How we know that the person is safe (design §4 Closing). */
export const CONTACT_KINDS = [
  'spoke-with-person',
  'spoke-with-someone-beside-them',
  'seen-by',
  'handed-over',
  'not-established',
  'no-answer',
] as const;
export const ContactKind = oneOf(CONTACT_KINDS);
export type ContactKind = Static<typeof ContactKind>;

/** Who told of a case that was opened by hand. */
export const CaseSource = oneOf(['phone', 'visit', 'helper', 'authority', 'other']);

export const CALL_RESULTS = ['ringing', 'answered', 'no-answer', 'busy', 'failed'] as const;
export const CallResult = oneOf(CALL_RESULTS);
export type CallResult = Static<typeof CallResult>;

/** 120 medical, 110 police, 119 fire. */
export const AuthorityService = oneOf(['120', '110', '119']);
export type AuthorityService = Static<typeof AuthorityService>;

/** At whom an incident rings: operators on duty for its region, its owner, who is to take it over, all who are logged in, supervisors. */
export const RING_CIRCLES = ['duty', 'owner', 'handover', 'operators', 'supervisors'] as const;
export const RingCircle = oneOf(RING_CIRCLES);
export type RingCircle = Static<typeof RingCircle>;

/** What everybody who works on the case must know, from the types of its alarms. */
export const ADVICE_CODES = [
  'call-119-first',
  'helpers-do-not-enter',
  'no-bell-no-switch-no-landline',
  'silent',
] as const;
export const AdviceCode = oneOf(ADVICE_CODES);
export type AdviceCode = Static<typeof AdviceCode>;

export const Incident = Type.Object(
  {
    id: Id,
    state: IncidentState,
    type: AlarmTypeSchema,
    priority: Type.Integer({ minimum: 1, maximum: 5 }),
    homeId: nullable(Id),
    residentId: nullable(Id),
    deviceId: nullable(Id),
    region: nullable(Type.String()),
    presses: Type.Integer({ minimum: 1 }),
    flags: Type.Array(IncidentFlag),
    openedAt: IsoTime,
    updatedAt: IsoTime,
    owner: nullable(Type.Object({ id: Id, name: Type.String() })),
    leaseUntil: nullable(IsoTime),
    next: nullable(
      Type.Object({ at: IsoTime, step: Type.String({ description: 'What happens at `at` unless somebody acts' }) }),
    ),
    version: Type.Integer({ minimum: 1 }),
    ringing: Type.Boolean({ description: 'It asks for an operator with sound now' }),
    rangAt: IsoTime,
    progressAt: IsoTime,
    circles: Type.Array(RingCircle, { description: 'At whom it rings while `ringing`' }),
    forAll: Type.Boolean({ description: 'Everybody who works on cases sees it, whatever their regions' }),
    helper: nullable(Type.Object({ id: Id, name: Type.String() })),
    promisedAt: nullable(IsoTime),
    handoverTo: nullable(Type.Object({ id: Id, name: Type.String() })),
    authority: nullable(Type.Object({ service: AuthorityService, stage: oneOf(['called', 'arrived']), at: IsoTime })),
    types: Type.Array(AlarmTypeSchema, { description: 'Of every alarm that it has had, in order of coming' }),
    advice: Type.Array(AdviceCode, {
      description: 'What the plans of its types ask for; `silent`: nothing to the home',
    }),
    candidates: Type.Array(Id, {
      description: 'Residents it may be about; kept when somebody has said who it is, so that it can be corrected',
    }),
    mergedInto: nullable(Type.Unsafe<string>({ ...Id, description: 'The case that has its alarms now' })),
  },
  { $id: 'Incident', description: 'The case that one or more alarms open; what people work on' },
);
export type Incident = Static<typeof Incident>;

/** Milestones (design §4), names of actions, and what the gateway itself does. */
export const LogEntry = Type.Object(
  {
    id: Type.String({ description: 'Resume point of the live feed' }),
    at: IsoTime,
    type: Type.String(),
    actor: Type.String({ description: 'user:<id>, device:<id>, local:<uid> or system' }),
    actorName: nullable(Type.String({ description: 'The name of a user, as it is now' })),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: 'LogEntry' },
);
export type LogEntry = Static<typeof LogEntry>;

const Position = Type.Object({
  lat: Type.Number(),
  lon: Type.Number(),
  accuracyM: nullable(Type.Number()),
  at: nullable(IsoTime),
  source: nullable(oneOf(['gnss', 'wifi', 'cell'])),
  datum: nullable(oneOf(['wgs84', 'gcj02', 'bd09'])),
});

const Measure = Type.Object({
  metric: Type.String(),
  value: Type.Number(),
  unit: Type.String({ description: 'UCUM' }),
  limit: Type.Number({ description: 'The end of what is well for this person' }),
  side: oneOf(['low', 'high']),
  forMs: Type.Number({ minimum: 0, description: 'From the first reading in a row to the last' }),
});
export type Measure = Static<typeof Measure>;

export const IncidentAlarm = Type.Object({
  id: Id,
  type: oneOf([...(Object.keys(ALARM_TYPES) as AlarmType[]), 'cancel', 'restored', 'answer']),
  kind: oneOf(['alarm', 'cancel', 'restored', 'call', 'answer']),
  of: Type.Union([AlarmTypeSchema, Type.Null()], { description: 'What a cancel or a restored speaks of' }),
  deviceId: nullable(Id),
  publisher: Type.Union([Id, Type.Null()], { description: 'Who sent it, where that was not the device itself' }),
  at: nullable(IsoTime),
  receivedAt: IsoTime,
  flags: Type.Array(IncidentFlag),
  text: nullable(Type.String()),
  zone: nullable(Type.String()),
  batteryPct: nullable(Type.Number()),
  location: nullable(Position),
  measure: Type.Union([Measure, Type.Null()], { description: 'What was measured, for `vitals`' }),
  faults: Type.Array(Type.Object({ code: Type.String(), path: Type.String() })),
  byHand: Type.Union([Type.Object({ source: CaseSource, callerNumber: nullable(PhoneNumber) }), Type.Null()], {
    description: 'Who told of it, where a person opened the case',
  }),
  call: Type.Union([oneOf(['ringing', 'answered', 'missed', 'ended']), Type.Null()], {
    description: 'How a telephone call went on; `ended`: the line cannot tell whether it was answered',
  }),
  caller: Type.Union(
    [
      Type.Object({
        number: Type.Union([Type.String(), Type.Null()], { description: 'As the line told it; null where withheld' }),
        whose: oneOf(['device', 'resident', 'contact', 'unknown', 'withheld']),
      }),
      Type.Null(),
    ],
    { description: 'Whose number called; a number is a hint and no proof' },
  ),
});
export type IncidentAlarm = Static<typeof IncidentAlarm>;

export const IncidentDetail = Type.Object(
  { ...Incident.properties, alarms: Type.Array(IncidentAlarm), log: Type.Array(LogEntry) },
  { $id: 'IncidentDetail' },
);
export type IncidentDetail = Static<typeof IncidentDetail>;

export const IncidentPage = Type.Object(
  {
    items: Type.Array(Incident),
    next: nullable(Type.String({ description: 'Cursor of the following page' })),
    asOf: nullable(Type.String({ description: 'Where /events goes on without a gap; null while degraded' })),
  },
  { $id: 'IncidentPage' },
);
export type IncidentPage = Static<typeof IncidentPage>;

export const ResidentIncidentQuery = Type.Object(
  {
    from: Type.Optional(Type.String({ format: 'date-time', description: 'From the first on when absent' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'To the newest when absent; not included' })),
    cursor: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

export const ResidentIncidentPage = Type.Object(
  { items: Type.Array(Incident), next: nullable(Type.String({ description: 'Cursor of the following page' })) },
  { $id: 'ResidentIncidentPage' },
);
export type ResidentIncidentPage = Static<typeof ResidentIncidentPage>;
