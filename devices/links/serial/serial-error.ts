export type SerialErrorCode =
  | 'not-there'
  | 'in-use'
  | 'forbidden'
  | 'open-failed'
  | 'closed'
  | 'queue-full'
  | 'write-failed';

/**
 * A serial port cannot do what it was asked.
 * - `not-there`, `in-use`, `forbidden`, `open-failed`: it does not open now; the line tries again by itself, tell people
 * - `closed`: it is not open, or was closed while the bytes waited; what they answered will be sent again by the device
 * - `queue-full`: the device takes nothing, and enough waits for it; drop what was to be written
 * - `write-failed`: the driver refused; the line closes and opens again by itself
 */
export class SerialError extends Error {
  readonly code: SerialErrorCode;

  constructor(code: SerialErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SerialError';
    this.code = code;
  }

  /** From what the driver says, which has no codes but the words of the system (strerror) in a message. */
  static ofOpen(path: string, error: Error): SerialError {
    const code = OPEN_WORDS.find(([words]) => words.test(error.message))?.[1] ?? 'open-failed';
    return new SerialError(code, `Cannot open ${path}: ${code}`, { cause: error });
  }
}

const OPEN_WORDS: readonly (readonly [RegExp, SerialErrorCode])[] = [
  [/no such (file|device)|not found/i, 'not-there'],
  [/cannot lock|busy|access is denied/i, 'in-use'],
  [/permission denied|not permitted/i, 'forbidden'],
];

/** For a log line: the code of a `SerialError`, else the error's own. */
export function errorCodeOf(error: unknown): string {
  return error instanceof SerialError ? error.code : error instanceof Error ? error.name : 'unknown';
}
