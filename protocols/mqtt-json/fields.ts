import type { MqttFault } from './message.ts';
import { readTime } from './read-time.ts';

/**
 * Reads optional fields one by one. A field that is absent or null is undefined; one of the wrong type or out of range
 * is undefined too, with a fault at its JSON pointer. `base` is the pointer of the object itself.
 */
export type Fields = {
  readonly time: (key: string) => number | undefined;
  /** Any string, cut at `maxChars` with fault `too-long`. */
  readonly text: (key: string, maxChars: number) => string | undefined;
  /** A string or a counter, as text. One that is too long is dropped: a cut would make two ids alike. */
  readonly id: (key: string, maxChars: number) => string | undefined;
  readonly number: (key: string, min: number, max: number) => number | undefined;
  readonly boolean: (key: string) => boolean | undefined;
  readonly choice: <T extends string>(key: string, choices: readonly T[]) => T | undefined;
  readonly raw: (key: string) => unknown;
  readonly fault: (key: string, code: MqttFault['code']) => undefined;
};

export function fieldsOf(values: ReadonlyMap<string, unknown>, base: string, faults: MqttFault[]): Fields {
  const fault = (key: string, code: MqttFault['code']): undefined => {
    faults.push({ code, path: `${base}/${key}` });
  };
  /** Undefined for absent, null and refused alike; only the last leaves a fault. */
  const read = <T>(key: string, convert: (value: unknown) => T | undefined): T | undefined => {
    const value = values.get(key) ?? undefined;
    if (value === undefined) return undefined;
    return convert(value) ?? fault(key, 'bad-field');
  };
  return {
    fault,
    raw: (key) => values.get(key) ?? undefined,
    time: (key) => read(key, readTime),
    text: (key, maxChars) => {
      const text = read(key, (value) => (typeof value === 'string' ? cleanText(value) : undefined));
      if (text === undefined || text.length <= maxChars) return text;
      fault(key, 'too-long');
      return cutText(text, maxChars);
    },
    id: (key, maxChars) => {
      const id = read(key, readId);
      return id === undefined || id.length <= maxChars ? id : fault(key, 'too-long');
    },
    number: (key, min, max) =>
      read(key, (value) => (typeof value === 'number' && value >= min && value <= max ? value : undefined)),
    boolean: (key) => read(key, (value) => (typeof value === 'boolean' ? value : undefined)),
    choice: (key, choices) => read(key, (value) => choices.find((choice) => choice === value)),
  };
}

/** Beyond 2^53 two counters of the device could read as one, so such a number is no id. */
function readId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== 'string' || value.length === 0) return undefined;
  return cleanText(value) === value ? value : undefined;
}

/** Lone surrogates cannot be written as UTF-8 and NUL cannot be stored by PostgreSQL: both become U+FFFD. */
function cleanText(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\u{FFFD}');
}

/** Never through the middle of a surrogate pair. */
function cutText(text: string, maxChars: number): string {
  const lastUnit = text.charCodeAt(maxChars - 1);
  const isHighSurrogate = lastUnit >= 0xd800 && lastUnit <= 0xdbff;
  return text.slice(0, isHighSurrogate ? maxChars - 1 : maxChars);
}
