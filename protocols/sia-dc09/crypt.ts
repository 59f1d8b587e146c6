import { parseBody, type ReadBody } from './body.ts';
import { BLOCK_BYTES } from './limits.ts';
import type { Dc09Cipher } from './message.ts';

/**
 * The encrypted form of a body (DC-09 §5.4.7): everything behind the opening bracket, with pad bytes and `|` before it (no `|` before
 * an empty one), as upper-case hex. The time is mandatory, and is how a wrong key is known.
 */

const HEX = /^(?:[0-9A-Fa-f]{32})+$/;

/** `text` begins behind the opening bracket. Null where it is not hex of whole blocks, or no body with a time after decryption. */
export function decryptBody(text: string, cipher: Dc09Cipher): ReadBody | null {
  if (!HEX.test(text)) return null;
  const plain = new TextDecoder().decode(cipher.decrypt(bytesOfHex(text)));
  const bar = plain.indexOf('|');
  const bracket = plain.indexOf(']');
  // Without a bar there is no data but the pad; some panels pad with zero bytes alone and leave the bar out.
  const content = bar !== -1 && bar < bracket ? plain.slice(bar + 1) : plain.slice(bracket);
  const read = parseBody(`[${content}`);
  return read.body.at === undefined ? null : read;
}

/** `plain` is `data]…_time`; `padOf(n)` gives n characters of printable ASCII without brackets and bar. */
export function encryptBody(plain: string, cipher: Dc09Cipher, padOf: (count: number) => string): string {
  const content = new TextEncoder().encode(plain.startsWith(']') ? plain : `|${plain}`);
  const count = BLOCK_BYTES - (content.length % BLOCK_BYTES);
  const whole = new Uint8Array(count + content.length);
  whole.set(new TextEncoder().encode(padOf(count)).subarray(0, count));
  whole.set(content, count);
  return hexOf(cipher.encrypt(whole));
}

function bytesOfHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text.toUpperCase();
}
