/** A position in the incident log: a Redis stream id `<ms>-<sequence>`; also the resume point of the live feed. */
export type LogPosition = string & { readonly __brand: 'LogPosition' };

/** Before every entry. */
export const LOG_START = '0-0' as LogPosition;

const FORM = /^(\d{1,20})-(\d{1,20})$/;

export function parseLogPosition(text: string): LogPosition | null {
  return FORM.test(text) ? (text as LogPosition) : null;
}

/** Negative when `a` comes before `b`. */
export function comparePositions(a: string, b: string): number {
  const [aMs, aSeq] = partsOf(a);
  const [bMs, bSeq] = partsOf(b);
  if (aMs !== bMs) return aMs < bMs ? -1 : 1;
  if (aSeq !== bSeq) return aSeq < bSeq ? -1 : 1;
  return 0;
}

function partsOf(text: string): readonly [bigint, bigint] {
  const match = FORM.exec(text);
  return [BigInt(match?.[1] ?? 0), BigInt(match?.[2] ?? 0)];
}
