import { Type } from 'typebox';
import { IsoTime, oneOf } from './primitives.ts';

/** What became of a notification after its channel took it. */
export const RECEIPTS = ['delivered', 'read', 'accepted', 'declined', 'undelivered'] as const;
export type ReceiptKind = (typeof RECEIPTS)[number];

export const NotificationId = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,256}$' });

/** Sent by the program behind the webhook, signed as it gets its notices. */
export const ReceiptBody = Type.Object(
  {
    id: Type.Unsafe<string>({ ...NotificationId, description: 'The same as in the path' }),
    receipt: oneOf(RECEIPTS),
    code: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9-]{1,32}$',
        description: "The channel's own word for why, never about a person",
      }),
    ),
    at: Type.Optional(Type.Unsafe<string>({ ...IsoTime, description: 'When it happened, ISO 8601' })),
  },
  { additionalProperties: false },
);
