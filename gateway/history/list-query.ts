import { formatIso } from '../clock.ts';
import type { ListCursor, ListQuery } from '../incidents/list.ts';

/** What the rows of a scope have in common, by the number of its parts; each has its index (migration 0006). */
const SCOPE_KEYS = [
  `split_part(region, '/', 1)`,
  `(split_part(region, '/', 1) || '/' || split_part(region, '/', 2))`,
  'region',
] as const;

/** As the index has it, word for word. */
const EVERYBODYS = `(region is null or strpos(record, '"isForAll":true') > 0)`;

/**
 * The statement for the first `count` cases after a cursor, newest first: for each scope so many of its index, and of these
 * the first. What it reads is bounded by `count` and the number of scopes, whatever there is. Pure.
 */
export function buildListQuery(
  { states, scopes, everybodys }: Omit<ListQuery, 'isWanted'>,
  after: ListCursor | null,
  count: number,
): { readonly text: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [count];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const inState = states === null ? '' : `and state = any(${put([...states])}::text[])`;
  const [at, id] =
    after === null ? ['', ''] : [`${put(formatIso(after.openedAt))}::timestamptz`, `${put(after.id)}::text`];
  const page = (condition: string, order: string): string =>
    `(select id, opened_at from incidents where ${condition} ${inState}
      order by ${order}opened_at desc, id collate "C" desc limit $1)`;
  const isAfter = after === null ? '' : `and (opened_at, id collate "C") < (${at}, ${id})`;
  /**
   * The scope is a range and part of the order: with `=` the planner may walk the index of all cases instead, past
   * whatever lies in other regions.
   */
  const ofScope = (scope: string): string => {
    const key = SCOPE_KEYS[scope.split('/').length - 1] ?? 'region';
    const name = put(scope);
    const upTo = after === null ? `${key} <= ${name}` : `(${key}, opened_at, id collate "C") < (${name}, ${at}, ${id})`;
    return page(`${upTo} and ${key} >= ${name}`, `${key} desc, `);
  };
  const parts = scopes.includes('*')
    ? [page(`true ${isAfter}`, '')]
    : [...(everybodys ? [page(`${EVERYBODYS} ${isAfter}`, '')] : []), ...scopes.map(ofScope)];
  if (parts.length === 0) parts.push(page('false', ''));
  const text = `with first as (select * from (${parts.join(' union ')}) as listed
      order by opened_at desc, id collate "C" desc limit $1)
    select record from first join incidents using (id) order by first.opened_at desc, id collate "C" desc`;
  return { text, values };
}
