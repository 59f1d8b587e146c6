import { Type, type TSchema } from 'typebox';

/** Ids of devices, residents, homes, users and incidents (design §8). */
export const Id = Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' });

/** ISO 8601 UTC with milliseconds. */
export const IsoTime = Type.String({ format: 'date-time', description: 'ISO 8601 UTC with milliseconds' });

/** Region path, 1 to 3 parts: city/street/community (design §8). */
export const RegionPath = Type.String({ pattern: '^[a-z0-9-]{1,64}(/[a-z0-9-]{1,64}){0,2}$' });

/** A region or `*`, the whole tree. */
export const RegionScope = Type.String({ pattern: '^(\\*|[a-z0-9-]{1,64}(/[a-z0-9-]{1,64}){0,2})$' });

/** E.164, with the plus. */
export const PhoneNumber = Type.String({ pattern: '^\\+[1-9][0-9]{4,14}$' });

/** As it is dialled: a line may have told a local number, or one of a private exchange. */
export const DialledNumber = Type.String({ pattern: '^\\+?[0-9]{3,20}$' });

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** A closed set of strings, from the table that names them; `enum` in the OpenAPI, a union in TypeScript. */
export function oneOf<const T extends readonly string[]>(values: T) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values] });
}
