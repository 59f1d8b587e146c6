/** Without a `status` for this long a console must say so, with sound (design §4 Time). */
export const STATUS_LIMIT_MS = 10_000;
/** A stream that is back sooner makes no sound: a gateway closes slow readers, who resume at once (chosen). */
const SOUND_AFTER_MS = 3000;

export type Liveness =
  | { readonly kind: 'starting' }
  /** The gateway proved `ageMs` ago that what is shown is current. */
  | { readonly kind: 'proven'; readonly ageMs: number }
  | { readonly kind: 'lost'; readonly forMs: number; readonly sounds: boolean };

export type LivenessInput = {
  readonly monoMs: number;
  readonly startedAtMs: number;
  readonly statusAtMs: number | null;
  readonly isStreaming: boolean;
  readonly isLoaded: boolean;
};

/**
 * Whether the screen may be believed. Judged in the window from what arrived in it, so that a dead worker, a dead stream
 * and a dead gateway all show alike.
 */
export function judgeLiveness(input: LivenessInput): Liveness {
  const { monoMs, startedAtMs, statusAtMs, isStreaming, isLoaded } = input;
  const silentMs = monoMs - (statusAtMs ?? startedAtMs);
  if (silentMs >= STATUS_LIMIT_MS) return { kind: 'lost', forMs: silentMs, sounds: true };
  if (statusAtMs === null || !isLoaded) return { kind: 'starting' };
  if (!isStreaming) return { kind: 'lost', forMs: silentMs, sounds: silentMs >= SOUND_AFTER_MS };
  return { kind: 'proven', ageMs: Math.max(0, silentMs) };
}
