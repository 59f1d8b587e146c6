import { Type, type Static } from 'typebox';
import { Id, IsoTime, nullable, oneOf } from './primitives.ts';

const span = {
  from: Type.Optional(Type.String({ format: 'date-time', description: 'From the first that is kept on when absent' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'To the newest when absent; included' })),
  text: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Stands in its text, its hex digits or its meaning' }),
  ),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}\\.[0-9]{1,16}$' })),
};

export const FrameQuery = Type.Object(span, { additionalProperties: false });

/** Name of a link: `mqtt`, `dc09`, or of a serial port. */
export const LinkFrameQuery = Type.Object({ link: Id, ...span }, { additionalProperties: false });

/** What was on the wire, and what became of it. */
export const Frame = Type.Object(
  {
    id: Type.String({ description: 'Where it is kept; newer ones are greater' }),
    at: IsoTime,
    link: Type.String(),
    direction: oneOf(['in', 'out']),
    peer: Type.String(),
    deviceId: nullable(Type.String({ description: 'Null where nobody could tell whose it was' })),
    meaning: Type.String({ description: 'What it decoded to: codes and types' }),
    eventIds: Type.Array(Type.String(), { description: 'Ids of the alarms that it became' }),
    hex: Type.String({ description: 'Its bytes, up to 16 KiB' }),
    text: Type.String({ description: 'The same as UTF-8, control characters as pictures (U+2400 to U+2421)' }),
    isCut: Type.Boolean({ description: 'It was longer than what is kept' }),
  },
  { $id: 'Frame' },
);
export type Frame = Static<typeof Frame>;

export const FramePage = Type.Object(
  {
    gatewayId: Type.String({ description: 'Whose trace this is: every gateway keeps what it heard itself' }),
    lost: Type.Integer({ description: 'Frames that it could not keep since its start' }),
    items: Type.Array(Frame, { description: 'The newest first, up to 200' }),
    next: nullable(
      Type.String({ description: 'Cursor of the following page, which may be empty and have yet a next' }),
    ),
  },
  { $id: 'FramePage' },
);
export type FramePage = Static<typeof FramePage>;
