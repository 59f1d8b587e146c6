import type { Pattern } from './patterns.ts';

/** Relative strength of the fundamental and its harmonics: at least four within 300–4000 Hz (IEC 60601-1-8 table 4). */
const PARTIALS = [0.5, 0.8, 0.6, 0.5, 0.35, 0.25] as const;
/** Rise and fall of a pulse as part of its length, so that it neither clicks nor startles. */
const RAMP = 0.12;
const PEAK = 0.9;

/** One period as samples in -1…1, silence included, so that a player can loop it without any timer. */
export function renderPattern(pattern: Pattern, sampleRate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round((pattern.periodMs / 1000) * sampleRate));
  const scale = PEAK / PARTIALS.reduce((sum, partial) => sum + partial, 0);
  for (const { startMs, lengthMs, pitchHz } of pattern.pulses) {
    const first = Math.round((startMs / 1000) * sampleRate);
    const length = Math.round((lengthMs / 1000) * sampleRate);
    for (let i = 0; i < length && first + i < samples.length; i += 1) {
      const phase = (2 * Math.PI * pitchHz * i) / sampleRate;
      let wave = 0;
      for (const [n, partial] of PARTIALS.entries()) wave += partial * Math.sin((n + 1) * phase);
      samples[first + i] = wave * scale * calcEnvelope(i / length);
    }
  }
  return samples;
}

function calcEnvelope(part: number): number {
  return Math.max(0, Math.min(1, part / RAMP, (1 - part) / RAMP));
}
