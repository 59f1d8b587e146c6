/** A file of the spool: the first position in it, and how often it was thinned. */
export type SegmentKey = { readonly first: number; readonly thinned: number };

/** Digits of the largest safe integer. */
const DIGITS = 16;
const PATTERN = /^(\d{16})\.([0-9])\.spool$/;

/** Names sort as positions do: `0000000000000042.0.spool`. */
export function segmentName({ first, thinned }: SegmentKey): string {
  return `${String(first).padStart(DIGITS, '0')}.${thinned}.spool`;
}

/** Null for a file that is none. */
export function parseSegmentName(name: string): SegmentKey | null {
  const [, first, thinned] = PATTERN.exec(name) ?? [];
  if (first === undefined || !Number.isSafeInteger(Number(first))) return null;
  return { first: Number(first), thinned: Number(thinned) };
}
