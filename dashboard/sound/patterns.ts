export type Pulse = { readonly startMs: number; readonly lengthMs: number; readonly pitchHz: number };

/** One burst and the silence after it, played over and over. */
export type Pattern = { readonly pulses: readonly Pulse[]; readonly periodMs: number };

export type PatternName = 'high' | 'medium' | 'low' | 'lost';

/** Notes of the melodies; all within 150–1000 Hz (IEC 60601-1-8 table 4). */
const C4 = 262;
const E4 = 330;
const A4 = 440;
const C5 = 523;
const E5 = 659;

/** Lays pulses one after another: each is a pitch and the gap before it. */
function burst(lengthMs: number, notes: readonly (readonly [gapMs: number, pitchHz: number])[]): readonly Pulse[] {
  let at = 0;
  return notes.map(([gapMs, pitchHz]) => {
    const startMs = at + gapMs;
    at = startMs + lengthMs;
    return { startMs, lengthMs, pitchHz };
  });
}

/**
 * Shaped after IEC 60601-1-8 tables 3 and 4, values chosen inside their ranges: high is ten pulses of 75–200 ms in two
 * groups of 3 + 2, the next burst after at least 2.5 s; medium three pulses of 125–250 ms; low two, more than 15 s apart.
 * `lost` is ours: two long falling tones, unlike any of them, for "this screen is blind". Never tested for conformity.
 */
export const PATTERNS = {
  high: {
    pulses: burst(150, [
      [0, C5],
      [90, C5],
      [90, E5],
      [330, C5],
      [90, E5],
      [500, C5],
      [90, C5],
      [90, E5],
      [330, C5],
      [90, E5],
    ]),
    periodMs: 5800,
  },
  medium: {
    pulses: burst(200, [
      [0, A4],
      [200, A4],
      [200, E4],
    ]),
    periodMs: 6000,
  },
  low: {
    pulses: burst(200, [
      [0, E4],
      [200, C4],
    ]),
    periodMs: 17_000,
  },
  lost: {
    pulses: burst(600, [
      [0, A4],
      [60, 220],
    ]),
    periodMs: 4000,
  },
} as const satisfies Record<PatternName, Pattern>;
