import type { Coding } from './message.ts';

/** Data coding scheme (3GPP TS 23.038 §4). Reserved codings are the default alphabet, as it asks. */
export function readDataCoding(dcs: number): { readonly coding: Coding; readonly isCompressed: boolean } {
  const group = dcs >> 4;
  if (group <= 0b0111) {
    const coding = ALPHABETS[(dcs >> 2) & 0b11] ?? 'gsm7';
    return { coding, isCompressed: (dcs & 0b0010_0000) !== 0 };
  }
  if (group === 0b1110) return { coding: 'ucs2', isCompressed: false };
  if (group === 0b1111) return { coding: (dcs & 0b0100) === 0 ? 'gsm7' : 'data', isCompressed: false };
  return { coding: 'gsm7', isCompressed: false };
}

const ALPHABETS: readonly Coding[] = ['gsm7', 'data', 'ucs2', 'gsm7'];

/** Without a class, not compressed. */
export const DCS_OF: Readonly<Record<Coding, number>> = { gsm7: 0x00, data: 0x04, ucs2: 0x08 };
