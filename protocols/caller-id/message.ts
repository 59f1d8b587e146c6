/**
 * What a line of a caller-ID modem or of a caller-ID box says. `caller` carries what that one line told: a modem tells date,
 * time, number and name in a line each, a box all in one.
 */
export type CallerIdMessage =
  | { readonly kind: 'ring' }
  | ({ readonly kind: 'caller' } & CallerFields)
  /** Somebody lifted the receiver, or laid it down. Only boxes tell. */
  | { readonly kind: 'off-hook' }
  | { readonly kind: 'on-hook' }
  /** What a modem answers to a command. */
  | { readonly kind: 'result'; readonly isOk: boolean };

export type CallerFields = {
  /** Digits, with a leading + where the line told one. Null: told that there is none, or told one that nobody can read. */
  readonly number?: string | null;
  /** Why there is no number. */
  readonly absence?: Absence;
  /** Month and day, `MMDD`, by the exchange's clock; it tells no year. */
  readonly date?: string;
  /** `HHMM`, local time by the exchange's clock. */
  readonly time?: string;
  readonly name?: string;
};

/** `private`: the caller withheld it (`P`); `out-of-area`: no exchange knew it (`O`); `unreadable`: what came is no number. */
export type Absence = 'private' | 'out-of-area' | 'unreadable';

/** Null: the line says nothing that we know, like an echo or noise. */
export type DecodeLine = (line: Uint8Array) => CallerIdMessage | null;
