/** How often a lost connection is tried again, and a missed notification is noticed (chosen). */
export const TICK_MS = 5_000;
/** Longest wait of whoever writes, after that for a connection; a server that is there needs milliseconds (chosen). */
export const LIMIT_MS = 5_000;
/** A start, or an end, waits no longer for a server that does not come to an end with something (chosen). */
export const START_LIMIT_MS = 30_000;
/** The same where a snapshot tells how things stood. Chosen. */
export const SNAPSHOT_LIMIT_MS = 2000;
export const STOP_LIMIT_MS = 2_000;
