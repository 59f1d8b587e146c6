import { septetsOfCharacter } from './gsm-alphabet.ts';
import { USER_DATA_OCTETS, USER_DATA_SEPTETS } from './limits.ts';
import type { UserData } from './message.ts';

/** Octets of the header that names a part, by the width of its reference. */
const HEADER_OCTETS = { 8: 6, 16: 7 } as const;

/**
 * A text as the parts in which it is sent (3GPP TS 23.040 §9.2.3.24.1): GSM 7 bit where every character has it (160 septets;
 * 153 a part, 152 with a 16 bit reference), else UCS-2 (70 units; 67 or 66 a part). Never cut inside an escape sequence or a
 * surrogate pair. Half a pair becomes U+FFFD. An empty text is one empty part.
 */
export function splitText(text: string, referenceBits: 8 | 16 = 8): readonly (UserData & { readonly text: string })[] {
  const whole = text.toWellFormed();
  const characters = [...whole];
  const isGsm = characters.every((character) => septetsOfCharacter(character) !== null);
  const coding = isGsm ? 'gsm7' : 'ucs2';
  const sizeOf = isGsm ? (c: string) => septetsOfCharacter(c)?.length ?? 1 : (c: string) => c.length;
  const header = HEADER_OCTETS[referenceBits];
  const single = isGsm ? USER_DATA_SEPTETS : USER_DATA_OCTETS / 2;
  const several = isGsm ? USER_DATA_SEPTETS - Math.ceil((header * 8) / 7) : Math.floor((USER_DATA_OCTETS - header) / 2);
  const size = characters.reduce((sum, character) => sum + sizeOf(character), 0);
  if (size <= single) return [{ coding, text: whole }];

  const parts: { coding: 'gsm7' | 'ucs2'; text: string }[] = [];
  let part = '';
  let used = 0;
  for (const character of characters) {
    const needed = sizeOf(character);
    if (used + needed > several) {
      parts.push({ coding, text: part });
      part = '';
      used = 0;
    }
    part += character;
    used += needed;
  }
  parts.push({ coding, text: part });
  return parts;
}
