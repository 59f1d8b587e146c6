/** The row that a move leads to: the neighbour, the first when nothing is chosen, the edge at the end. */
export function moveSelection(ids: readonly string[], selected: string | null, by: 1 | -1): string | null {
  if (ids.length === 0) return null;
  const at = selected === null ? -1 : ids.indexOf(selected);
  if (at === -1) return ids[by === 1 ? 0 : ids.length - 1] ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + by))] ?? null;
}
