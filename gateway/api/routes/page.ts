import { Type, type TSchema } from 'typebox';
import { Id, nullable } from '../contract/primitives.ts';

/** Items of a page (design §8). */
export const PAGE_SIZE = 200;

export const PageQuery = Type.Object({ cursor: Type.Optional(Id) }, { additionalProperties: false });

export function pageSchema<T extends TSchema>(item: T) {
  return Type.Object({
    items: Type.Array(item),
    next: nullable(Type.String({ description: 'Cursor of the next page' })),
  });
}

/** The page behind `cursor` of items in the order of their ids; what is added meanwhile neither doubles nor hides any. */
export function takePage<T extends { readonly id: string }>(
  items: readonly T[],
  cursor: string | undefined,
): { readonly items: T[]; readonly next: string | null } {
  const rest = items.filter(({ id }) => cursor === undefined || id > cursor);
  const page = rest.slice(0, PAGE_SIZE);
  return { items: page, next: rest.length > page.length ? (page.at(-1)?.id ?? null) : null };
}
