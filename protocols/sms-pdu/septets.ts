/** Packs septets into octets, the lowest bit first, behind `fillBits` empty bits (3GPP TS 23.038 §6.1.2.1). */
export function packSeptets(septets: readonly number[], fillBits = 0): Uint8Array {
  const octets = new Uint8Array(Math.ceil((fillBits + septets.length * 7) / 8));
  septets.forEach((septet, i) => {
    const bit = fillBits + i * 7;
    const at = bit >> 3;
    const shifted = (septet & 0b0111_1111) << (bit & 7);
    octets[at] = (octets[at] ?? 0) | (shifted & 0xff);
    if (shifted > 0xff) octets[at + 1] = (octets[at + 1] ?? 0) | (shifted >> 8);
  });
  return octets;
}

/** Reads `count` septets behind `fillBits`, or as many as the octets hold whole. */
export function unpackSeptets(octets: Uint8Array, count: number, fillBits = 0): number[] {
  const held = Math.max(0, Math.floor((octets.length * 8 - fillBits) / 7));
  return Array.from({ length: Math.min(count, held) }, (_, i) => {
    const bit = fillBits + i * 7;
    const at = bit >> 3;
    const both = (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8);
    return (both >> (bit & 7)) & 0b0111_1111;
  });
}

/** Empty bits between a header and the first septet, so that it stands on a septet boundary (3GPP TS 23.040 §9.2.3.24). */
export function fillBitsAfter(headerOctets: number): number {
  return (7 - ((headerOctets * 8) % 7)) % 7;
}
