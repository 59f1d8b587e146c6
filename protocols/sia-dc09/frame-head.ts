import type { CrcStyle } from './message.ts';

const QUOTE = 0x22;

/** Where the opening quote stands, counted from the LF: after CRC and LEN. */
const QUOTE_AT: { readonly [S in CrcStyle]: number } = { hex: 9, binary: 7 };

export type Head = { readonly style: CrcStyle; readonly quoteAt: number };

/**
 * Judges bytes that begin with an LF: CRC and LEN as eight hex digits, or two bytes and four hex digits, up to the opening quote.
 * `more`: what is there may still become one. `none`: never.
 */
export function judgeHead(bytes: Uint8Array, length = bytes.length): Head | 'more' | 'none' {
  let isOpen = false;
  for (const style of ['hex', 'binary'] as const) {
    const quoteAt = QUOTE_AT[style];
    if (!fits(bytes, Math.min(length, quoteAt), style)) continue;
    if (length <= quoteAt) isOpen = true;
    else if (bytes[quoteAt] === QUOTE) return { style, quoteAt };
  }
  return isOpen ? 'more' : 'none';
}

function fits(bytes: Uint8Array, end: number, style: CrcStyle): boolean {
  for (let index = style === 'hex' ? 1 : 3; index < end; index++) if (!isHexDigit(bytes[index] ?? 0)) return false;
  return true;
}

function isHexDigit(byte: number): boolean {
  const letter = byte & ~0x20;
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x41 && letter <= 0x46);
}
