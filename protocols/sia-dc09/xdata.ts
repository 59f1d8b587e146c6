import type { Dc09Xdata } from './message.ts';
import { parseTimestamp } from './timestamp.ts';

/** What the letters of extended data stand for (DC-09-2013 §5.5.1.9). */
export const XDATA_NAMES = {
  A: 'authentication',
  C: 'supervision',
  H: 'time-of-occurrence',
  I: 'alarm-text',
  J: 'network-path',
  K: 'key-request',
  L: 'location',
  M: 'mac',
  N: 'network-address',
  O: 'building',
  P: 'programming',
  R: 'room',
  S: 'site',
  T: 'trigger',
  V: 'verification',
  X: 'longitude',
  Y: 'latitude',
  Z: 'altitude',
} as const satisfies Record<string, string>;

export type XdataName = (typeof XDATA_NAMES)[keyof typeof XDATA_NAMES];

/**
 * A block of extended data, typed where it is more than text: time in epoch milliseconds, position in decimal degrees (WGS 84), altitude in
 * metres, MAC as twelve hex digits. One that does not read as what its letter says is `unknown`, and so is an unknown letter.
 */
export type Dc09Extra =
  | { readonly name: 'time-of-occurrence'; readonly at: number }
  | { readonly name: 'longitude' | 'latitude'; readonly degrees: number }
  | { readonly name: 'altitude'; readonly metres: number }
  | {
      readonly name: Exclude<XdataName, 'time-of-occurrence' | 'longitude' | 'latitude' | 'altitude'>;
      readonly text: string;
    }
  | { readonly name: 'unknown'; readonly letter: string; readonly text: string };

/** Total. */
export function readXdata({ letter, text }: Dc09Xdata): Dc09Extra {
  const known: Readonly<Record<string, XdataName>> = XDATA_NAMES;
  const name = Object.hasOwn(known, letter) ? known[letter] : undefined;
  return (name === undefined ? undefined : readNamed(name, text)) ?? { name: 'unknown', letter, text };
}

function readNamed(name: XdataName, text: string): Dc09Extra | undefined {
  switch (name) {
    case 'time-of-occurrence': {
      const at = parseTimestamp(text.startsWith('_') ? text : `_${text}`);
      return at === undefined ? undefined : { name, at };
    }
    case 'longitude': {
      const degrees = readDegrees(text, 'E', 'W', 180);
      return degrees === undefined ? undefined : { name, degrees };
    }
    case 'latitude': {
      const degrees = readDegrees(text, 'N', 'S', 90);
      return degrees === undefined ? undefined : { name, degrees };
    }
    case 'altitude':
      return /^[+-]?\d{1,5}(\.\d{1,9})?M?$/.test(text) ? { name, metres: Number.parseFloat(text) } : undefined;
    case 'mac':
      return /^[0-9A-Fa-f]{12}$/.test(text.replaceAll(/[:-]/g, '')) ? { name, text } : undefined;
    default:
      return { name, text };
  }
}

/** Degrees, the letter of the half, minutes with their fraction: `006E07.7777777` is 6.1296 east. */
function readDegrees(text: string, positive: string, negative: string, max: number): number | undefined {
  const match = /^(\d{1,3})([NSEW])(\d{1,2}(?:\.\d{1,12})?)$/.exec(text);
  const half = match?.[2];
  const minutes = Number(match?.[3]);
  if (match === null || (half !== positive && half !== negative) || minutes >= 60) return undefined;
  const degrees = Number(match[1]) + minutes / 60;
  if (degrees > max) return undefined;
  // No -0: it is no other place than 0.
  return half === negative ? 0 - degrees : degrees;
}
