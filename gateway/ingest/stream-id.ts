/** Compares ids of stream entries, `<ms>-<seq>`; negative when `a` is the older. A malformed part counts as 0. */
export function compareStreamIds(a: string, b: string): number {
  const [aMs, aSeq] = split(a);
  const [bMs, bSeq] = split(b);
  return aMs === bMs ? Math.sign(aSeq - bSeq) : Math.sign(aMs - bMs);
}

export function maxStreamId(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return compareStreamIds(a, b) >= 0 ? a : b;
}

function split(id: string): [number, number] {
  const [ms = '0', seq = '0'] = id.split('-', 2);
  return [Number(ms) || 0, Number(seq) || 0];
}
