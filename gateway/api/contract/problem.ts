import { Type, type Static } from 'typebox';
import { Incident } from './incident.ts';
import { oneOf } from './primitives.ts';

/** Error codes of the API and their HTTP status (design §8). */
export const PROBLEM_STATUS = {
  'bad-request': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'claimed-by-other': 409,
  'wrong-state': 409,
  conflict: 409,
  archived: 409,
  'too-large': 413,
  'contact-needed': 422,
  'too-many': 429,
  internal: 500,
  degraded: 503,
} as const satisfies Record<string, number>;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** problem+json (RFC 9457) with a stable `code`. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: oneOf(Object.keys(PROBLEM_STATUS) as ProblemCode[]),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
    incident: Type.Optional(Incident),
  },
  { $id: 'Problem' },
);
export type Problem = Static<typeof Problem>;
