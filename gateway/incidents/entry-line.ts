import type { StoredEntry } from './commit-script.ts';

export type EntryLine = { readonly id: string; readonly entry: StoredEntry };

/** An element of an incident's list of entries, as the commit script writes it: the log id, a line feed, the entry's JSON. */
export function parseEntryLine(line: string): EntryLine {
  const cut = line.indexOf('\n');
  return { id: line.slice(0, cut), entry: JSON.parse(line.slice(cut + 1)) as StoredEntry };
}
