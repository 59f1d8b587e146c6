/** UTF-16 big-endian, which is what "UCS-2" has become: surrogate pairs pass as they are (3GPP TS 23.038 §6.2.3). */
export function octetsOfUcs2(text: string): Uint8Array {
  const octets = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    octets[i * 2] = unit >> 8;
    octets[i * 2 + 1] = unit & 0xff;
  }
  return octets;
}

/** An odd octet at the end is left out. */
export function textOfUcs2(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i + 1 < octets.length; i += 2) {
    text += String.fromCharCode(((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0));
  }
  return text;
}
