import type { MqttFault } from './message.ts';
import { readTime } from './read-time.ts';

/** What `JSON.parse` made of an object. */
export type JsonFields = Record<string, unknown>;

export function isFields(value: unknown): value is JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads optional fields one by one. A field that is absent or null is undefined; one of the wrong type or out of range
 * is undefined too, with a fault at its JSON pointer. `base` is the pointer of the object itself.
 */
export class Fields {
  readonly #values: Readonly<JsonFields>;
  readonly #base: string;
  readonly #faults: MqttFault[];

  constructor(values: Readonly<JsonFields>, base: string, faults: MqttFault[]) {
    this.#values = values;
    this.#base = base;
    this.#faults = faults;
  }

  raw(key: string): unknown {
    return (Object.hasOwn(this.#values, key) ? this.#values[key] : undefined) ?? undefined;
  }

  time(key: string): number | undefined {
    return this.#read(key, readTime);
  }

  /** Any string, cut at `maxChars` with fault `too-long`. */
  text(key: string, maxChars: number): string | undefined {
    const text = this.#read(key, readText);
    if (text === undefined || text.length <= maxChars) return text;
    this.fault(key, 'too-long');
    return cutText(text, maxChars);
  }

  /** A string or a counter, as text. One that is too long is dropped: a cut would make two ids alike. */
  id(key: string, maxChars: number): string | undefined {
    const id = this.#read(key, readId);
    return id === undefined || id.length <= maxChars ? id : this.fault(key, 'too-long');
  }

  number(key: string, min: number, max: number): number | undefined {
    return this.#read(key, (value) => (typeof value === 'number' && value >= min && value <= max ? value : undefined));
  }

  boolean(key: string): boolean | undefined {
    return this.#read(key, readBoolean);
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    return this.#read(key, (value) => choices.find((choice) => choice === value));
  }

  fault(key: string, code: MqttFault['code']): undefined {
    this.#faults.push({ code, path: `${this.#base}/${key}` });
  }

  /** Undefined for absent, null and refused alike; only the last leaves a fault. */
  #read<T>(key: string, convert: (value: unknown) => T | undefined): T | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    return convert(value) ?? this.fault(key, 'bad-field');
  }
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? cleanText(value) : undefined;
}

function readBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
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
