import { errorCode, ZhujiError } from '../errors.ts';

/**
 * Redis did not answer, or answered that it cannot now: nobody's fault who asked. The same may succeed later, and a write
 * may have been applied all the same. `reason` is a code, fit for a log line.
 */
export class StoreSilentError extends ZhujiError {
  readonly reason: string;

  constructor(reason: string, cause: unknown) {
    super('store-silent', `the incident store is silent: ${reason}`, { cause });
    this.reason = reason;
  }
}

/** The first words of answers that speak of the server's condition; inside a script's error they stand further on. */
const CONDITIONS =
  /\b(OOM|MISCONF|READONLY|LOADING|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|BUSY|TRYAGAIN|NOAUTH|NOPERM|WRONGPASS|UNBLOCKED|UNKILLABLE|NOTBUSY)\b/;

/** Hands an answer on; what only means "not now" becomes a StoreSilentError, every other refusal stays what it is. */
export async function fromStore<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Anything that is no answer of the server is the connection: closed, timed out, not there.
    if (error.name !== 'ReplyError') throw new StoreSilentError('no-answer', error);
    const condition = CONDITIONS.exec(error.message)?.[1];
    if (condition !== undefined) throw new StoreSilentError(condition, error);
    throw error;
  }
}

/** A word for a health check's detail: never a message, which may quote what an alarm said. */
export function faultWord(error: unknown): string {
  if (error instanceof StoreSilentError) return error.reason;
  if (error instanceof Error && error.name === 'ReplyError') return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ReplyError';
  return errorCode(error);
}
