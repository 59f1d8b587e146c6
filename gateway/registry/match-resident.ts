import type { DirectoryHome, DirectoryResident } from './directory.ts';

/** Shorter than that, digits stand in every telephone number. */
const MIN_DIGITS = 3;

/**
 * Whether a resident is who somebody on the telephone speaks of. Every word must stand in the name, the address, the id or,
 * as digits, in a telephone number of the person or of a contact; upper and lower case, and full width, are alike.
 */
export function matchesResident(resident: DirectoryResident, home: DirectoryHome | undefined, wanted: string): boolean {
  const texts = [resident.name, resident.id, home?.address ?? ''].map(fold);
  const numbers = [resident.number ?? '', ...resident.contacts.map(({ number }) => number)];
  const words = fold(wanted).split(/\s+/).filter(Boolean);
  return words.every((word) => texts.some((text) => text.includes(word)) || isInNumber(word, numbers));
}

function isInNumber(word: string, numbers: readonly string[]): boolean {
  const digits = word.replaceAll(/[-+()]/g, '');
  return /^\d+$/.test(digits) && digits.length >= MIN_DIGITS && numbers.some((number) => number.includes(digits));
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
