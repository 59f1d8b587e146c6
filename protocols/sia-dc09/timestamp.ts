const FORM = /^_(\d{2}):(\d{2}):(\d{2}),(\d{2})-(\d{2})-(\d{4})$/;

/** `_HH:MM:SS,MM-DD-YYYY` in UTC (DC-09 §5.5.1.10) to epoch milliseconds; undefined for what is no moment of the calendar. */
export function parseTimestamp(text: string): number | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [hour = 0, minute = 0, second = 0, month = 0, day = 0, year = 0] = match.slice(1).map(Number);
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  // The 31st of February would be a day in March, and years below 100 the twentieth century.
  return at >= 0 && formatTimestamp(at) === text ? at : undefined;
}

/** Epoch milliseconds, from 1970 to 9999, to `_HH:MM:SS,MM-DD-YYYY`; parts of a second are left out. */
export function formatTimestamp(atMs: number): string {
  const iso = new Date(atMs).toISOString();
  return `_${iso.slice(11, 19)},${iso.slice(5, 7)}-${iso.slice(8, 10)}-${iso.slice(0, 4)}`;
}
