import type { NewIds } from './writes/residents.ts';

/** Crockford base 32 in lower case: no i, l, o, u, so an id can be read out over a phone. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
/** 10 digits of 5 bits: short enough to type; a taken one is drawn again. */
const LENGTH = 10;

export type RandomBytes = (count: number) => Uint8Array;

/** Ids that say by their first letter what they name. */
export function createNewIds(randomBytes: RandomBytes): NewIds {
  const make = (letter: string) => () =>
    `${letter}-${Array.from(randomBytes(LENGTH), (byte) => DIGITS[byte & 0b11111]).join('')}`;
  return { home: make('h'), resident: make('r'), contact: make('c'), device: make('d'), user: make('u') };
}

/** 160 random bits in hexadecimal: fits any device's password field and needs no quoting in a shell. */
export function createNewSecret(randomBytes: RandomBytes): () => string {
  return () => Buffer.from(randomBytes(20)).toString('hex');
}

/** 80 random bits in four groups, for a person to type: `k3m9-….` */
export function createNewPassword(randomBytes: RandomBytes): () => string {
  return () =>
    Array.from(randomBytes(16), (byte) => DIGITS[byte & 0b11111])
      .join('')
      .replace(/(.{4})(?=.)/g, '$1-');
}
