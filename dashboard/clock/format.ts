const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago or still: `00:42`, `59:59`, `1:02:05`, `3d 04:05` (days, hours and minutes). Never negative. */
export function formatElapsed(elapsedMs: number): string {
  const ms = Math.max(0, elapsedMs);
  if (ms < HOUR) return `${two(ms / MINUTE)}:${two((ms % MINUTE) / SECOND)}`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}:${two((ms % HOUR) / MINUTE)}:${two((ms % MINUTE) / SECOND)}`;
  return `${Math.floor(ms / DAY)}d ${two((ms % DAY) / HOUR)}:${two((ms % HOUR) / MINUTE)}`;
}

/** Time of day in the console's zone, `hh:mm:ss`. */
export function formatTime(epochMs: number): string {
  const at = new Date(epochMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Time of day; the date before it when it is not today's. */
export function formatMoment(epochMs: number, nowMs: number): string {
  const at = new Date(epochMs);
  if (at.toDateString() === new Date(nowMs).toDateString()) return formatTime(epochMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${formatTime(epochMs)}`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
