import { Type, type Static } from 'typebox';
import { Id, IsoTime, RegionScope, oneOf } from './primitives.ts';

export const ROLES = ['operator', 'supervisor', 'admin', 'helper'] as const;
export const Role = oneOf(ROLES);
export type Role = Static<typeof Role>;

export const SessionUser = Type.Object(
  {
    id: Id,
    username: Type.String(),
    name: Type.String(),
    roles: Type.Array(Role),
    regions: Type.Array(RegionScope, { description: 'Scopes; `*` is all' }),
  },
  { $id: 'SessionUser' },
);
export type SessionUser = Static<typeof SessionUser>;

export const LogIn = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
    token: Type.Optional(Type.Boolean({ description: 'Also answer a token for `Authorization: Bearer`' })),
  },
  { additionalProperties: false },
);
export type LogIn = Static<typeof LogIn>;

export const Session = Type.Object(
  {
    user: SessionUser,
    expiresAt: IsoTime,
    csrf: Type.String({ description: 'Send back as header x-csrf with every write by cookie' }),
    token: Type.Optional(Type.String()),
  },
  { $id: 'Session' },
);
export type Session = Static<typeof Session>;

export const UserNew = Type.Object(
  {
    username: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    password: Type.Optional(Type.String({ minLength: 10, maxLength: 256, description: 'Generated when absent' })),
    roles: Type.Array(Role, { minItems: 1 }),
    regions: Type.Array(RegionScope, { minItems: 1 }),
  },
  { additionalProperties: false },
);
export type UserNew = Static<typeof UserNew>;

export const UserCreated = Type.Object({
  ...SessionUser.properties,
  password: Type.Union([Type.String(), Type.Null()], { description: 'Shown once, and only when it was generated' }),
});
export type UserCreated = Static<typeof UserCreated>;

export const Duty = Type.Object(
  {
    on: Type.Boolean(),
    sound: Type.Boolean({ description: 'The console proved that it can be heard' }),
  },
  { additionalProperties: false },
);
export type Duty = Static<typeof Duty>;

export const DutyStatus = Type.Object({
  userId: Id,
  on: Type.Boolean(),
  sound: Type.Boolean({ description: 'A console of theirs that is there now proved that it can be heard' }),
  soundHere: Type.Boolean({ description: 'The session that asks proved it; each computer proves its own' }),
  said: Type.Boolean({ description: 'False: nothing is held of their duty; it was never said, is over, or was lost' }),
  lastHeartbeatAt: Type.Union([IsoTime, Type.Null()]),
});
export type DutyStatus = Static<typeof DutyStatus>;
