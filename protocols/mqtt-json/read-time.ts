/** Last millisecond of the year 9999; beyond it there is no ISO form of four digits. */
const LATEST_MS = 253_402_300_799_999;

/** A date alone or a time without an offset names no instant, so both are refused. */
const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)$/i;
const DIGITS = /^\d{1,15}$/;

/**
 * `at` of design §8: ISO 8601 with an offset, or epoch milliseconds as number or digits. Gives epoch milliseconds from
 * 1970 to 9999, or undefined for anything else. A clock that is years off is still a time.
 */
export function readTime(value: unknown): number | undefined {
  if (typeof value === 'number') return inRange(Math.trunc(value));
  if (typeof value !== 'string') return undefined;
  if (DIGITS.test(value)) return inRange(Number(value));
  if (!ISO_INSTANT.test(value)) return undefined;
  return inRange(Date.parse(normalizeOffset(value.toUpperCase().replace(',', '.'))));
}

/** `+08` and `+0800` are ISO 8601 too, but only `+08:00` is what Date.parse is specified for. */
function normalizeOffset(iso: string): string {
  return iso.replace(/([+-]\d{2})(\d{2})?$/, (_, hours: string, minutes = '00') => `${hours}:${minutes}`);
}

function inRange(epochMs: number): number | undefined {
  return epochMs >= 0 && epochMs <= LATEST_MS ? epochMs : undefined;
}
