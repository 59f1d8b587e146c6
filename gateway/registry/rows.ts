import { Type, type Static } from 'typebox';
import { OwnLimit } from '../api/contract/limits.ts';
import { RESIDENT_CATEGORIES, STATUS_KINDS } from '../api/contract/registry.ts';
import { nullable, oneOf } from '../api/contract/primitives.ts';
import { ROLES } from '../api/contract/session.ts';

const Text = Type.String();
const MaybeText = nullable(Text);

/** The register as it lies in Postgres and in the snapshot file. Secrets are hashes. Times are epoch milliseconds. */
export const RegisterRows = Type.Object({
  /** Raised by every write. */
  revision: Type.Integer({ minimum: 0 }),
  homes: Type.Array(
    Type.Object({ id: Text, region: MaybeText, address: Text, entrance: MaybeText, accessPlan: MaybeText }),
  ),
  residents: Type.Array(
    Type.Object({
      id: Text,
      homeId: Text,
      name: Text,
      number: MaybeText,
      birthYear: nullable(Type.Integer()),
      categories: Type.Array(oneOf(RESIDENT_CATEGORIES)),
      speech: MaybeText,
      health: MaybeText,
    }),
  ),
  contacts: Type.Array(
    Type.Object({
      id: Text,
      residentId: Text,
      order: Type.Integer(),
      name: Text,
      relation: MaybeText,
      number: Text,
      hasKey: Type.Boolean(),
      minutesAway: nullable(Type.Integer()),
      language: MaybeText,
      note: MaybeText,
      /** Absent in snapshots of before it could be chosen. */
      notice: Type.Optional(Type.Boolean()),
      mustNotBeTold: Type.Optional(Type.Boolean()),
    }),
  ),
  devices: Type.Array(
    Type.Object({
      id: Text,
      model: Text,
      retiredAt: nullable(Type.Number()),
      /** SHA-256 of the secret, 64 hexadecimal digits. */
      secretSha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
  ),
  /** What devices belong to: now, and what ended within the last days; for each device in order. */
  bindings: Type.Array(
    Type.Object({
      deviceId: Text,
      /** From 1 for each device; another number is another wearer, who begins with nothing of the one before. */
      number: Type.Integer({ minimum: 1 }),
      homeId: MaybeText,
      place: MaybeText,
      residentIds: Type.Array(Text),
      from: Type.Number(),
      until: nullable(Type.Number()),
    }),
  ),
  /** Under what devices send where they have no name of their own. Absent in snapshots of before there were any. */
  addresses: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.Integer(),
        deviceId: Text,
        kind: oneOf(['account', 'number']),
        receiver: MaybeText,
        value: Text,
        /** AES key, hexadecimal: a secret that must be read again. */
        key: MaybeText,
        heartbeatS: nullable(Type.Integer()),
        confirmedAt: nullable(Type.Number()),
        seenAt: nullable(Type.Number()),
        endedAt: nullable(Type.Number()),
      }),
    ),
  ),
  /** How things stand with residents: what counts now, and what was recorded for later; in order of recording. */
  statuses: Type.Array(
    Type.Object({
      residentId: Text,
      kind: oneOf(STATUS_KINDS),
      from: Type.Number(),
      until: nullable(Type.Number()),
      note: MaybeText,
      recordedAt: Type.Number(),
    }),
  ),
  /** Limits of residents' own, the newest record of each. Absent in snapshots of before there were any. */
  limits: Type.Optional(
    Type.Array(
      Type.Object({ residentId: Text, limits: Type.Array(OwnLimit), recordedAt: Type.Number(), recordedBy: Text }),
    ),
  ),
  users: Type.Array(
    Type.Object({
      id: Text,
      username: Text,
      name: Text,
      roles: Type.Array(oneOf(ROLES)),
      regions: Type.Array(Text),
      epoch: Type.Integer(),
      passwordHash: Text,
    }),
  ),
  /** Signs sessions; base64url, 32 bytes. Absent before the first start has reached Postgres. */
  sessionKey: MaybeText,
});
export type RegisterRows = Static<typeof RegisterRows>;

export const EMPTY_ROWS: RegisterRows = {
  revision: 0,
  homes: [],
  residents: [],
  contacts: [],
  devices: [],
  bindings: [],
  statuses: [],
  users: [],
  sessionKey: null,
};
