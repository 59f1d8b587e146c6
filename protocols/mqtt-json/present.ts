/** `T` with every optional field written out, undefined where it is missing. */
export type Present<T> = { readonly [K in keyof Required<T>]: T[K] | undefined };

/** Drops the undefined fields, so that two messages with the same content are equal key by key. */
export function withoutUndefined<T extends object>(fields: Present<T>): T {
  const present: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) present[key] = value;
  return present as T;
}
