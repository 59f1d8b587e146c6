import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Dc09Secrecy } from '../../../protocols/sia-dc09/encode.ts';
import type { Dc09Cipher } from '../../../protocols/sia-dc09/message.ts';

const IV = new Uint8Array(16);

/** AES-CBC without padding, IV 0, as DC-09 wants it; 16, 24 or 32 bytes of key. */
export function aesOf(key: Uint8Array): Dc09Cipher {
  const name = `aes-${key.length * 8}-cbc`;
  return {
    encrypt: (plain) => createCipheriv(name, key, IV).setAutoPadding(false).update(plain),
    decrypt: (secret) => createDecipheriv(name, key, IV).setAutoPadding(false).update(secret),
  };
}

export function secrecyOf(key: Uint8Array): Dc09Secrecy {
  return { cipher: aesOf(key), padOf: (count) => 'p'.repeat(count) };
}
