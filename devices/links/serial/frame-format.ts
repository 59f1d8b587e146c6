/** How a byte stands on the wire, as makers of modems and receivers write it: `8N1`, `7E1`. */
export type FrameFormat = {
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
};

const PARITIES = { N: 'none', E: 'even', O: 'odd' } as const;

/** `8N1` and its like, upper or lower case; null for anything else. */
export function readFrameFormat(text: string): FrameFormat | null {
  const [bits, letter, stops] = text.toUpperCase();
  if (text.length !== 3 || (bits !== '7' && bits !== '8') || (stops !== '1' && stops !== '2')) return null;
  if (letter !== 'N' && letter !== 'E' && letter !== 'O') return null;
  return { dataBits: bits === '7' ? 7 : 8, parity: PARITIES[letter], stopBits: stops === '1' ? 1 : 2 };
}

export function writeFrameFormat({ dataBits, parity, stopBits }: FrameFormat): string {
  return `${dataBits}${parity.slice(0, 1).toUpperCase()}${stopBits}`;
}
