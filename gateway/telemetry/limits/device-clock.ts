/** What lies further from now than this is not what a device with a right clock says; ahead as in design §5, behind chosen. */
const OFF_MS = 60 * 60_000;
/** A clock that is wrong goes on being wrong by as much; what was kept and is sent at last comes ever nearer to now. Chosen. */
const STEADY_MS = 2 * 60_000;
/** Besides, clocks may go so much too fast or too slow. Chosen. */
const DRIFT = 0.05;
/** It is known for wrong, and for right again, after so long and two messages at least. Chosen. */
export const CLOCK_PROOF_MS = 5 * 60_000;

/**
 * What one message says of a device's clock: how far its newest time lies behind the receipt, milliseconds; `wild` where
 * that is more than 30 days, or the time lies more than an hour ahead (design §5).
 */
export type ClockSeen = number | 'wild';

/** Messages one after another that say the same of a clock. Immutable. */
export type ClockRun = {
  readonly kind: 'right' | 'off' | 'wild';
  /** Of the first, milliseconds; 0 unless `off`. */
  readonly behindMs: number;
  readonly since: number;
  readonly last: number;
};

/** Takes what one message says, received at `receivedAt`. Pure. */
export function takeClock(before: ClockRun | undefined, seen: ClockSeen, receivedAt: number): ClockRun {
  const kind = seen === 'wild' ? 'wild' : seen > OFF_MS ? 'off' : 'right';
  const behindMs = kind === 'off' && seen !== 'wild' ? seen : 0;
  const isSame =
    before?.kind === kind &&
    receivedAt >= before.since &&
    Math.abs(behindMs - before.behindMs) <= STEADY_MS + DRIFT * (receivedAt - before.since);
  return isSame ? { ...before, last: receivedAt } : { kind, behindMs, since: receivedAt, last: receivedAt };
}

/** Proved by time: one message that is off may be what was kept while there was no network. */
export function isProved({ since, last }: ClockRun): boolean {
  return last - since >= CLOCK_PROOF_MS;
}
