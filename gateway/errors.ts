/**
 * Base of every error that Zhuji throws on purpose. `code` is stable: logs, tests and callers go by it, never by the
 * message. Other folders define their own subclasses near their use.
 */
export class ZhujiError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/**
 * An alarm could not be made durable. The link must not acknowledge: it closes the connection so that the device tries
 * again.
 */
export class NotDurableError extends ZhujiError {
  declare readonly code: NotDurableCode;

  constructor(code: NotDurableCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
  }
}

/**
 * - `not-durable`: both the journal and Redis have failed for this alarm
 * - `door-full`: too many alarms wait for either of them
 */
export type NotDurableCode = 'not-durable' | 'door-full';

/** The journal could not keep or give a record. What was not acknowledged is the caller's to keep or to refuse. */
export class JournalError extends ZhujiError {
  declare readonly code: JournalErrorCode;

  constructor(code: JournalErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
  }
}

/**
 * - `journal-full`: more bytes wait for the disk than the bound allows
 * - `journal-down`: its worker is not running (it is started again within 2 s)
 * - `journal-no-space`: no room for a new segment
 * - `journal-write-failed`, `journal-fsync-failed`: the disk refused; that file is not used again
 * - `journal-read-failed`: a segment could not be read; try again later
 * - `journal-too-large`: the record is over the bound; our own mistake
 */
export type JournalErrorCode =
  | 'journal-full'
  | 'journal-down'
  | 'journal-no-space'
  | 'journal-write-failed'
  | 'journal-fsync-failed'
  | 'journal-read-failed'
  | 'journal-too-large';

/** The text of whatever was thrown, for a log field; never the stack, never the arguments of a command. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) {
    const code: unknown = 'code' in error ? error.code : undefined;
    return typeof code === 'string' ? code : error.name;
  }
  return 'unknown';
}
