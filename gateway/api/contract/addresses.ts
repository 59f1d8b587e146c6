import { Type, type Static } from 'typebox';
import { IsoTime, nullable } from './primitives.ts';

/** A month of 31 days: what reports less often is not supervised by it. Chosen. */
const MOST_HEARTBEAT_S = 31 * 24 * 3600;

/** Under what a device sends where it has no name of its own; all of it optional. */
export const ADDRESS_FIELDS = {
  account: Type.Optional(
    Type.String({ pattern: '^[0-9A-Fa-f]{3,16}$', description: 'At an alarm receiver, 3 to 16 hexadecimal digits' }),
  ),
  receiver: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9._-]{1,32}$',
      description: 'The account counts at this receiver alone (`dc09`, or the name of a serial port); else at any',
    }),
  ),
  key: Type.Optional(
    Type.String({
      pattern: '^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{48}|[0-9A-Fa-f]{64})$',
      description: 'AES key of the account, 128, 192 or 256 bits in hexadecimal; never shown again',
    }),
  ),
  newKeyBits: Type.Optional(Type.Unsafe<128 | 192 | 256>({ type: 'integer', enum: [128, 192, 256] })),
  number: Type.Optional(
    Type.String({
      pattern: '^[+0-9 ()./-]{3,40}$',
      description: 'Telephone number that it calls or writes from, with area code or country code',
    }),
  ),
  heartbeatS: Type.Optional(
    Type.Integer({
      minimum: 10,
      maximum: MOST_HEARTBEAT_S,
      description: 'Seconds between two reports under this address; overrides that of the model',
    }),
  ),
};
export const AddressFields = Type.Object(ADDRESS_FIELDS, { additionalProperties: false });
export type AddressFields = Static<typeof AddressFields>;

export const DeviceAddress = Type.Object(
  {
    id: Type.Integer({ minimum: 1 }),
    kind: Type.Enum(['account', 'number']),
    receiver: nullable(Type.String()),
    value: Type.Union([Type.String(), Type.Null()], {
      description:
        'Null: a number, where nothing but GET /devices/{id}/addresses shows it, or the person’s file is not yours to read',
    }),
    hasKey: Type.Boolean({ description: 'Whether what comes is to be encrypted' }),
    heartbeatS: nullable(Type.Integer()),
    isConfirmed: Type.Boolean({
      description:
        'A number is not from which nothing came for 60 days, or whose device was taken from another home: it may be somebody else’s by now, and its alarms are `unverified`',
    }),
    confirmedAt: Type.Union([IsoTime, Type.Null()], { description: 'Null since its device was in another home' }),
    seenAt: Type.Union([IsoTime, Type.Null()], { description: 'Of a number, by the day' }),
  },
  { $id: 'DeviceAddress' },
);
export type DeviceAddress = Static<typeof DeviceAddress>;

export const DeviceAddresses = Type.Object({ items: Type.Array(DeviceAddress) });
export type DeviceAddresses = Static<typeof DeviceAddresses>;

/** What was added; the key only where one was made, shown here and never again. */
export const AddressesAdded = Type.Object({
  items: Type.Array(DeviceAddress, { description: 'All that the device has now' }),
  newKey: nullable(Type.String({ description: 'Hexadecimal' })),
});
export type AddressesAdded = Static<typeof AddressesAdded>;
