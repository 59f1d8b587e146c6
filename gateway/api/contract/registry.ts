import { Type, type Static } from 'typebox';
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
  },
  { additionalProperties: false },
);
export type DeviceNew = Static<typeof DeviceNew>;

export const Device = Type.Object(
  {
    id: Id,
    model: Type.String(),
    homeId: nullable(Id),
    residentIds: Type.Array(Id),
    place: nullable(Type.String()),
    retiredAt: nullable(IsoTime),
    lastContactAt: nullable(IsoTime),
  },
  { $id: 'Device' },
);
export type Device = Static<typeof Device>;

/** What an installer needs to connect the device; the password is shown once and kept only as SHA-256. */
export const DeviceCreated = Type.Object({
  ...Device.properties,
  username: Type.String(),
  password: Type.String(),
  topic: Type.String({ description: 'Where its alarms go' }),
  mqttUrl: Type.String(),
});
export type DeviceCreated = Static<typeof DeviceCreated>;
