import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Dc09Secrecy } from '../../../protocols/sia-dc09/encode.ts';

/** DC-09 §5.4.7: sixteen zero bytes. */
const IV = new Uint8Array(16);
const ALGORITHMS: Readonly<Record<number, string>> = { 16: 'aes-128-cbc', 24: 'aes-192-cbc', 32: 'aes-256-cbc' };
const PAD_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef';

/** AES-CBC under an account's key, with pads of chance; null where the key has a length that AES does not know. */
export function createSecrecy(key: Uint8Array): Dc09Secrecy | null {
  const algorithm = ALGORITHMS[key.length];
  if (algorithm === undefined) return null;
  const run = (cipher: ReturnType<typeof createCipheriv | typeof createDecipheriv>, bytes: Uint8Array): Uint8Array =>
    Buffer.concat([cipher.setAutoPadding(false).update(bytes), cipher.final()]);
  return {
    cipher: {
      encrypt: (plain) => run(createCipheriv(algorithm, key, IV), plain),
      decrypt: (secret) => run(createDecipheriv(algorithm, key, IV), secret),
    },
    padOf: (count) => Array.from(randomBytes(count), (byte) => PAD_LETTERS[byte % PAD_LETTERS.length]).join(''),
  };
}
