import { Type, type Static } from 'typebox';
import { AlarmTypeSchema, CallResult, CaseSource, ContactKind, Outcome } from './incident.ts';
import { Id, IsoTime, PhoneNumber } from './primitives.ts';

const FreeText = Type.String({ minLength: 1, maxLength: 4000 });
const closed = { additionalProperties: false } as const;

/** Bodies of POST /incidents/{id}/ACTION. An action that is not built is not here, so it is not in the OpenAPI either. */
export const ACTION_BODIES = {
  claim: Type.Object({}, closed),
  release: Type.Object({}, closed),
  note: Type.Object({ text: Type.String({ minLength: 1, maxLength: 4000, pattern: '\\S' }) }, closed),
  contact: Type.Object({ kind: ContactKind, text: Type.Optional(FreeText) }, closed),
  call: Type.Object(
    { contactId: Type.Optional(Id), number: Type.Optional(PhoneNumber), result: Type.Optional(CallResult) },
    closed,
  ),
  seen: Type.Object({ received: IsoTime, painted: Type.Optional(IsoTime), sounded: Type.Optional(IsoTime) }, closed),
  resolve: Type.Object(
    {
      outcome: Outcome,
      contact: Type.Optional(ContactKind),
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
      text: Type.Optional(FreeText),
    },
    closed,
  ),
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
