import { Type, type Static } from 'typebox';
import { ADDRESS_FIELDS, DeviceAddress } from './addresses.ts';
import { Id, IsoTime, PhoneNumber, RegionPath, nullable, oneOf } from './primitives.ts';

const ShortText = Type.String({ maxLength: 200 });
const LongText = Type.String({ maxLength: 4000 });
const Name = Type.String({ minLength: 1, maxLength: 100 });

export const RESIDENT_CATEGORIES = [
  '80-plus',
  'living-alone',
  'empty-nest',
  'left-behind',
  'disabled',
  'dementia',
  'bereaved',
  'low-income',
  'veteran',
] as const;

export const HomeNew = Type.Object(
  {
    id: Type.Optional(Id),
    address: ShortText,
    region: nullable(RegionPath),
    entrance: Type.Optional(ShortText),
    accessPlan: Type.Optional(LongText),
  },
  { additionalProperties: false },
);
export type HomeNew = Static<typeof HomeNew>;

export const Home = Type.Object(
  {
    id: Id,
    address: Type.String(),
    region: nullable(RegionPath),
    entrance: nullable(Type.String({ description: 'Where a vehicle gets in' })),
    accessPlan: nullable(Type.String({ description: 'Gate, codes, who has which key, dog, oxygen, lift' })),
    residentIds: Type.Array(Id),
    deviceIds: Type.Array(Id),
  },
  { $id: 'Home' },
);
export type Home = Static<typeof Home>;

export const ContactNew = Type.Object(
  {
    name: Name,
    relation: Type.Optional(ShortText),
    number: PhoneNumber,
    hasKey: Type.Optional(Type.Boolean()),
    minutesAway: Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: 1440 }))),
    language: Type.Optional(ShortText),
    note: Type.Optional(LongText),
    notice: Type.Optional(Type.Boolean()),
    mustNotBeTold: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type ContactNew = Static<typeof ContactNew>;

export const Contact = Type.Object(
  {
    id: Id,
    order: Type.Integer({ minimum: 1, description: 'Order of calling' }),
    name: Type.String(),
    relation: nullable(Type.String()),
    number: PhoneNumber,
    hasKey: Type.Boolean(),
    minutesAway: nullable(Type.Integer()),
    language: nullable(Type.String()),
    note: nullable(Type.String()),
    notice: Type.Boolean({ description: 'Chosen by the contact: gets a notice when an emergency opens' }),
    mustNotBeTold: Type.Boolean({ description: 'Never gets one, whatever else is set' }),
  },
  { $id: 'Contact' },
);
export type Contact = Static<typeof Contact>;

export const ResidentNew = Type.Object(
  {
    id: Type.Optional(Id),
    name: Name,
    homeId: Type.Optional(Id),
    region: Type.Optional(RegionPath),
    address: Type.Optional(ShortText),
    number: Type.Optional(nullable(PhoneNumber)),
    birthYear: Type.Optional(nullable(Type.Integer({ minimum: 1890, maximum: 2100 }))),
    categories: Type.Optional(Type.Array(oneOf(RESIDENT_CATEGORIES))),
    speech: Type.Optional(LongText),
    health: Type.Optional(LongText),
    contacts: Type.Optional(Type.Array(ContactNew, { maxItems: 20 })),
  },
  { additionalProperties: false },
);
export type ResidentNew = Static<typeof ResidentNew>;

/** How things stand with a resident (design §2). */
export const STATUS_KINDS = [
  'at-home',
  'away',
  'hospital',
  'institution',
  'moved',
  'deceased',
  'service-ended',
] as const;
export type StatusKind = (typeof STATUS_KINDS)[number];
const StatusKindSchema = oneOf(STATUS_KINDS);

export const ResidentStatus = Type.Object({
  kind: StatusKindSchema,
  from: Type.Union([IsoTime, Type.Null()], { description: 'Null where nothing was recorded' }),
  until: Type.Union([IsoTime, Type.Null()], {
    description: 'From then on at home again; null: until recorded otherwise',
  }),
  note: nullable(Type.String()),
});
export type ResidentStatus = Static<typeof ResidentStatus>;

export const ResidentStatusNew = Type.Object(
  {
    kind: StatusKindSchema,
    from: Type.Optional(IsoTime),
    until: Type.Optional(nullable(IsoTime)),
    note: Type.Optional(nullable(Type.String({ maxLength: 1000 }))),
  },
  { additionalProperties: false },
);
export type ResidentStatusNew = Static<typeof ResidentStatusNew>;

/** One line of the history of a resident's status. */
export const RecordedStatus = Type.Object(
  {
    ...ResidentStatus.properties,
    from: IsoTime,
    recordedAt: IsoTime,
    recordedBy: Type.String({ description: 'user:<id> or local:<uid>' }),
  },
  { $id: 'RecordedStatus' },
);
export type RecordedStatus = Static<typeof RecordedStatus>;

export const Resident = Type.Object(
  {
    id: Id,
    homeId: Id,
    name: Type.String(),
    number: nullable(PhoneNumber),
    birthYear: nullable(Type.Integer()),
    categories: Type.Array(oneOf(RESIDENT_CATEGORIES)),
    speech: nullable(Type.String({ description: 'How to speak with the person: language, hearing' })),
    health: nullable(Type.String()),
    contacts: Type.Array(Contact),
    status: ResidentStatus,
  },
  { $id: 'Resident' },
);
export type Resident = Static<typeof Resident>;

export const DeviceNew = Type.Object(
  {
    id: Type.Optional(Id),
    model: Type.String(),
    homeId: Type.Optional(Id),
    residentIds: Type.Optional(Type.Array(Id, { maxItems: 10 })),
    place: Type.Optional(ShortText),
    ...ADDRESS_FIELDS,
  },
  { additionalProperties: false },
);
export type DeviceNew = Static<typeof DeviceNew>;

export const Device = Type.Object(
  {
    id: Id,
    model: Type.String(),
    mobility: Type.Union([Type.Literal('fixed'), Type.Literal('carried'), Type.Null()], {
      description: 'Whether its model stays at home or goes along; null: nobody knows the model, so it may be anywhere',
    }),
    homeId: nullable(Id),
    residentIds: Type.Array(Id),
    place: nullable(Type.String()),
    retiredAt: nullable(IsoTime),
    lastContactAt: nullable(IsoTime),
    boundFrom: Type.Union([IsoTime, Type.Null()], {
      description: 'Since when it belongs to this home and these people',
    }),
    addresses: Type.Array(DeviceAddress, { description: 'Accounts and telephone numbers that it sends under' }),
  },
  { $id: 'Device' },
);
export type Device = Static<typeof Device>;

/** Hands a device on. Without `homeId` it hangs in the home that its residents share; null: in none. */
export const DeviceBindingNew = Type.Object(
  {
    homeId: Type.Optional(nullable(Id)),
    residentIds: Type.Array(Id, { maxItems: 10 }),
    place: Type.Optional(nullable(ShortText)),
  },
  { additionalProperties: false },
);
export type DeviceBindingNew = Static<typeof DeviceBindingNew>;

export const DeviceBinding = Type.Object(
  {
    number: Type.Integer({ minimum: 1 }),
    homeId: nullable(Id),
    residentIds: Type.Array(Id),
    place: nullable(Type.String()),
    from: IsoTime,
    until: nullable(IsoTime),
    boundBy: Type.String({ description: 'user:<id>, local:<uid> or system' }),
  },
  { $id: 'DeviceBinding' },
);
export type DeviceBinding = Static<typeof DeviceBinding>;

/** What an installer needs to connect the device; the password is shown once and kept only as SHA-256. */
export const DeviceCreated = Type.Object({
  ...Device.properties,
  username: Type.String(),
  password: Type.String(),
  topic: Type.String({ description: 'Where its alarms go' }),
  mqttUrl: Type.String(),
  newKey: Type.Optional(Type.String({ description: 'Of its account, where one was made: hexadecimal, shown once' })),
});
export type DeviceCreated = Static<typeof DeviceCreated>;
