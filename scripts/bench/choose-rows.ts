import type { Row } from './row.ts';

/** The rows of these names, in the order of the table and each once; all where none is named. Else the names that there are not. */
export function chooseRows(
  rows: readonly Row[],
  names: readonly string[],
): { readonly rows: readonly Row[] } | { readonly unknown: readonly string[] } {
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) return { unknown };
  return { rows: names.length === 0 ? rows : rows.filter(({ name }) => names.includes(name)) };
}
