/** What may be asked of a port beyond its speed; `min`, `max` and `default` in the unit of its name. */
export type PortOption =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly default: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default: string }
  | { readonly kind: 'text'; readonly pattern: RegExp; readonly shape: string; readonly default: string | null };

export type PortKind = {
  /** What devices of this kind speak as they come from the box. */
  readonly baud: number;
  readonly frame: string;
  readonly options: Readonly<Record<string, PortOption>>;
};

/** What may hang on a serial port. A new kind is an entry here and one in `open-ports.ts`. */
export const SERIAL_KINDS = {
  /** Automation output of an alarm receiver: 9600 8N1 is an MLR2000's, an MLR2E has 19200 7E1. */
  'sur-gard': {
    baud: 9600,
    frame: '8N1',
    options: {
      /** Digits of receiver number, line card and account; the receiver's own settings say how many. */
      receiver: { kind: 'integer', min: 1, max: 4, default: 2 },
      line: { kind: 'integer', min: 1, max: 4, default: 1 },
      account: { kind: 'integer', min: 3, max: 16, default: 4 },
      /** So long without a frame or heartbeat, and people are told. */
      'heartbeat-s': { kind: 'integer', min: 2, max: 3600, default: 60 },
    },
  },
  /** Caller-ID modems take the speed they are spoken to with; boxes are mostly set to 9600, some to 1200. */
  'caller-id': {
    baud: 9600,
    frame: '8N1',
    options: {
      /** `modem` speaks AT commands and is asked whether it is there; `box` tells in one line who rings. */
      dialect: { kind: 'choice', choices: ['modem', 'box'], default: 'modem' },
      /** Where the modem is (ITU-T T.35): some hear no numbers of another country's exchanges. */
      country: {
        kind: 'text',
        pattern: /^[0-9A-Fa-f]{2}$/,
        shape: 'two hexadecimal digits (ITU-T T.35), 26 for China',
        default: null,
      },
    },
  },
  /** Modems on USB take any speed; those on a true serial port find it out by themselves, or have 115200. */
  gsm: {
    baud: 115_200,
    frame: '8N1',
    options: {
      /** Where it keeps messages: the card, or the modem itself. */
      memory: { kind: 'choice', choices: ['SM', 'ME'], default: 'SM' },
    },
  },
} as const satisfies Record<string, PortKind>;

type Kinds = typeof SERIAL_KINDS;
export type SerialKind = keyof Kinds;

type OptionValue<O> = O extends { kind: 'integer' }
  ? number
  : O extends { kind: 'choice'; choices: readonly (infer C)[] }
    ? C
    : O extends { default: string }
      ? string
      : string | null;

export type PortOptionsOf<K extends SerialKind> = {
  readonly [N in keyof Kinds[K]['options']]: OptionValue<Kinds[K]['options'][N]>;
};
