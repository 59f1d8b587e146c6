/**
 * A line as text, without what a line picks up at its ends: control bytes, parity noise, an idle line's 0x00 and 0xFF. Bytes
 * beyond ASCII in the middle (a name in GBK) are kept, a character each.
 */
export function readLineText(line: Uint8Array): string {
  return String.fromCharCode(...line)
    .replace(/^[^\x21-\x7e]+/, '')
    .replace(/[^\x21-\x7e]+$/, '');
}
