import { formsOf } from './forms.ts';
import type { SurGardWidths } from './limits.ts';
import type { DecodedSurGard } from './message.ts';

export type SurGardDecoder = (frame: Uint8Array) => DecodedSurGard;

/**
 * A decoder of frames without their DC4, for a receiver with these widths. Total, never throws. These lines carry no checksum: a byte
 * that became another of the same kind is not seen (README).
 */
export function createSurGardDecoder(widths: SurGardWidths): SurGardDecoder {
  const forms = formsOf(widths);
  const header = new RegExp(`^[0-9A-Z][0-9A-F]{${widths.receiver}}[0-9A-Z]{${widths.line}}[ [].{6}`);
  return (frame) => {
    if (frame.length === 0) return { ok: false, reason: 'empty' };
    if (frame.some((byte) => byte < 0x20 || byte > 0x7e)) return { ok: false, reason: 'not-printable' };
    const text = String.fromCodePoint(...frame);
    for (const { pattern, read } of forms) {
      const match = pattern.exec(text);
      const message = match === null ? null : read((name) => match.groups?.[name] ?? '');
      if (match !== null && message !== null) return { ok: true, message, noise: match.index };
    }
    return { ok: false, reason: header.test(text) ? 'unknown-form' : 'no-header' };
  };
}
