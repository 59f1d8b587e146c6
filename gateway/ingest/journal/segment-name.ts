const DIGITS = 12;
const PATTERN = /^(\d{12})\.journal$/;

/** Names sort as their numbers do: `000000000042.journal`. */
export function segmentName(seq: number): string {
  return `${String(seq).padStart(DIGITS, '0')}.journal`;
}

/** The number of a segment, or null for a file that is none. */
export function parseSegmentName(name: string): number | null {
  const digits = PATTERN.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}
