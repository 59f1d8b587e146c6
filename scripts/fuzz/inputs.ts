import type { Chance } from './chance.ts';

/** No input is longer. Chosen: beyond every bound of a line, far below that of an MQTT packet. */
export const MAX_INPUT_BYTES = 16_384;

/** Bytes that mean something in one protocol or another. */
const TOKENS = [...'\n\r\0"[]|#_^/*,:;{}+>= 0179AEFNRQPx\x06\x14\x15\x7f\x80\xc0\xff'].map((char) =>
  char.charCodeAt(0),
);

/** One input: bytes of chance, a golden frame that was spoilt, or two that were joined in the middle. */
export function makeInput(chance: Chance, seeds: readonly Uint8Array[]): Uint8Array {
  const kind = chance.below(10);
  if (kind < 3 || seeds.length === 0) return chance.bytes(anyLength(chance));
  if (kind < 5) return spoil(chance, splice(chance, pick(chance, seeds), pick(chance, seeds)));
  return spoil(chance, pick(chance, seeds));
}

/** Mostly short, now and then as long as may be. */
function anyLength(chance: Chance): number {
  const size = chance.below(200);
  if (size === 0) return chance.below(MAX_INPUT_BYTES + 1);
  return chance.below(size < 20 ? 1024 : 64);
}

function pick(chance: Chance, seeds: readonly Uint8Array[]): Uint8Array {
  return chance.pick(seeds) ?? new Uint8Array();
}

/** The beginning of one and the end of another. */
function splice(chance: Chance, one: Uint8Array, other: Uint8Array): Uint8Array {
  return join(one.subarray(0, chance.below(one.length + 1)), other.subarray(chance.below(other.length + 1)));
}

/** None to seven changes. */
function spoil(chance: Chance, seed: Uint8Array): Uint8Array {
  let bytes = Uint8Array.from(seed);
  for (let left = chance.below(8); left > 0; left--) bytes = change(chance, bytes);
  return bytes.length > MAX_INPUT_BYTES ? bytes.slice(0, MAX_INPUT_BYTES) : bytes;
}

function change(chance: Chance, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = chance.below(bytes.length);
  const end = at + 1 + chance.below(Math.min(bytes.length - at, 16));
  switch (chance.below(7)) {
    case 0:
      if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8));
      return bytes;
    case 1:
      if (bytes.length > 0) bytes[at] = chance.pick(TOKENS) ?? 0;
      return bytes;
    case 2:
      return join(bytes.subarray(0, at), bytes.subarray(end));
    case 3:
      return join(bytes.subarray(0, at), Uint8Array.of(chance.pick(TOKENS) ?? 0), bytes.subarray(at));
    case 4:
      return bytes.slice(0, at);
    case 5:
      return join(bytes.subarray(0, end), bytes.subarray(at));
    default:
      return repeat(chance, bytes, at, end);
  }
}

/** What is quadratic shows where something stands there a thousand times. */
function repeat(chance: Chance, bytes: Uint8Array<ArrayBuffer>, at: number, end: number): Uint8Array<ArrayBuffer> {
  const part = bytes.subarray(at, end);
  if (part.length === 0) return bytes;
  const isLong = chance.below(100) === 0;
  const times = 1 + chance.below(isLong ? Math.floor(MAX_INPUT_BYTES / part.length) : 8);
  const room = Math.max(0, Math.min(times, Math.floor((MAX_INPUT_BYTES - bytes.length) / part.length)));
  return join(bytes.subarray(0, at), ...Array.from({ length: room }, () => part), bytes.subarray(at));
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
