import { Type, type Static } from 'typebox';
import { AlarmTypeSchema, AuthorityService, CallResult, CaseSource, ContactKind, Outcome } from './incident.ts';
import { DialledNumber, Id, IsoTime, oneOf, PhoneNumber } from './primitives.ts';

const FreeText = Type.String({ minLength: 1, maxLength: 4000 });
const Said = Type.String({ minLength: 1, maxLength: 4000, pattern: '\\S' });
const closed = { additionalProperties: false } as const;

/** Bodies of POST /incidents/{id}/ACTION. An action that is not built is not here, so it is not in the OpenAPI either. */
export const ACTION_BODIES = {
  claim: Type.Object({}, closed),
  release: Type.Object({}, closed),
  handover: Type.Object({ to: Id }, closed),
  note: Type.Object({ text: Said }, closed),
  contact: Type.Object({ kind: ContactKind, text: Type.Optional(FreeText) }, closed),
  call: Type.Object(
    { contactId: Type.Optional(Id), number: Type.Optional(DialledNumber), result: Type.Optional(CallResult) },
    closed,
  ),
  dispatch: Type.Object({ helperId: Id }, closed),
  accept: Type.Object(
    { minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 120, description: 'Until there; 10 when absent' })) },
    closed,
  ),
  decline: Type.Object({ reason: Type.Optional(FreeText) }, closed),
  arrive: Type.Object({}, closed),
  'with-person': Type.Object({}, closed),
  'no-access': Type.Object({}, closed),
  authority: Type.Object(
    {
      service: AuthorityService,
      stage: oneOf(['called', 'arrived', 'took-over']),
      ref: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Their number of the case' })),
    },
    closed,
  ),
  escalate: Type.Object({}, closed),
  shelve: Type.Object(
    { minutes: Type.Integer({ minimum: 1, maximum: 1440, description: 'At most 30 for priority 1 and 2' }) },
    closed,
  ),
  merge: Type.Object({ into: Id }, closed),
  split: Type.Object({ alarmIds: Type.Array(Id, { minItems: 1, maxItems: 500, uniqueItems: true }) }, closed),
  identify: Type.Object({ residentId: Id }, closed),
  seen: Type.Object({ received: IsoTime, painted: Type.Optional(IsoTime), sounded: Type.Optional(IsoTime) }, closed),
  resolve: Type.Object(
    {
      outcome: Outcome,
      contact: Type.Optional(ContactKind),
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
      text: Type.Optional(FreeText),
      presses: Type.Optional(
        Type.Integer({ minimum: 1, description: 'How many are known to who closes; refused when there are more' }),
      ),
    },
    closed,
  ),
  'follow-up': Type.Object({ text: Said }, closed),
  reopen: Type.Object({}, closed),
} as const;

export type ActionName = keyof typeof ACTION_BODIES;
export type ActionBody<A extends ActionName> = Static<(typeof ACTION_BODIES)[A]>;

export const IncidentByHand = Type.Object(
  {
    residentId: Type.Optional(Id),
    homeId: Type.Optional(Id),
    text: Type.Optional(FreeText),
    type: AlarmTypeSchema,
    source: CaseSource,
    callerNumber: Type.Optional(PhoneNumber),
  },
  { ...closed, description: 'At least one of residentId, homeId and text' },
);
export type IncidentByHand = Static<typeof IncidentByHand>;
