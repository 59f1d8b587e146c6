import { septetsOfText, textOfSeptets } from './gsm-alphabet.ts';
import { MAX_ADDRESS_DIGITS } from './limits.ts';
import type { Address, AddressKind } from './message.ts';
import type { Octets } from './octets.ts';
import { packSeptets, unpackSeptets } from './septets.ts';

/** By the three bits of the type of number (3GPP TS 23.040 §9.1.2.5); the last is reserved. */
const KINDS: readonly AddressKind[] = [
  'unknown',
  'international',
  'national',
  'network',
  'subscriber',
  'alphanumeric',
  'abbreviated',
  'unknown',
];

/** Semi-octets; 0xF is fill. */
const DIGITS = '0123456789*#abc';

/** ISDN numbering plan (E.164) for the kinds that have one; 0 for text and networks' own. */
const PLAN: Readonly<Record<AddressKind, number>> = {
  unknown: 1,
  international: 1,
  national: 1,
  network: 0,
  subscriber: 1,
  alphanumeric: 0,
  abbreviated: 1,
};

/** An address field: length in useful semi-octets, type, value. Null where its length is none. */
export function readAddress(octets: Octets): Address | null {
  const length = octets.one();
  const type = octets.one();
  const isTooLong = length > MAX_ADDRESS_DIGITS;
  const value = octets.take(Math.ceil(Math.min(length, MAX_ADDRESS_DIGITS) / 2));
  if (isTooLong || octets.isCut) return null;
  const kind = KINDS[(type >> 4) & 0b111] ?? 'unknown';
  if (kind === 'alphanumeric') {
    return { kind, value: textOfSeptets(unpackSeptets(value, Math.floor((length * 4) / 7))) };
  }
  return { kind, value: digitsOf(value).slice(0, length) };
}

function digitsOf(octets: Uint8Array): string {
  let digits = '';
  for (const octet of octets) digits += (DIGITS[octet & 0x0f] ?? '') + (DIGITS[octet >> 4] ?? '');
  return digits;
}

/** Octets of an address field; what is no digit is left out, what is too long is cut. */
export function encodeAddress({ kind, value }: Address): number[] {
  const type = 0x80 | (KINDS.indexOf(kind) << 4) | PLAN[kind];
  if (kind === 'alphanumeric') {
    const septets = (septetsOfText(value) ?? []).slice(0, Math.floor((MAX_ADDRESS_DIGITS * 4) / 7));
    return [Math.ceil((septets.length * 7) / 4), type, ...packSeptets(septets)];
  }
  const digits = [...value].map((digit) => DIGITS.indexOf(digit)).filter((digit) => digit >= 0);
  const kept = digits.slice(0, MAX_ADDRESS_DIGITS);
  const pairs = Array.from({ length: Math.ceil(kept.length / 2) }, (_, i) => {
    return (kept[i * 2] ?? 0) | ((kept[i * 2 + 1] ?? 0xf) << 4);
  });
  return [kept.length, type, ...pairs];
}

/** As people and the register write it: E.164 with + where it is international. Null for text. */
export function numberOf({ kind, value }: Address): string | null {
  if (kind === 'alphanumeric' || value === '') return null;
  return kind === 'international' ? `+${value}` : value;
}

/** From what people write: `+` makes it international. */
export function addressOf(number: string): Address {
  const value = number.replaceAll(/[^0-9*#]/g, '');
  return { kind: number.startsWith('+') ? 'international' : 'unknown', value };
}
