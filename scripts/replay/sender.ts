import { errorCode, ZhujiError } from '../../gateway/errors.ts';
import type { CapturedFrame } from './read-capture.ts';

/** Sends frames over the real transport, one after the other. */
export type Sender = {
  /** Resolves with what was answered, in a word, or null where nothing was within the time. Rejects where it cannot be sent. */
  readonly send: (frame: CapturedFrame) => Promise<string | null>;
  readonly close: () => Promise<void>;
};

/** Nobody takes frames there; the message says where. */
export class ReplayError extends ZhujiError {
  constructor(target: string, cause: unknown) {
    super('not-sent', `nothing can be sent to ${target} (${errorCode(cause)})`, { cause });
  }
}

/** A panel waits 5 to 20 s for its answer, an alarm receiver 4 s; chosen. */
export const ANSWER_MS = 20_000;

/** The first answer that `read` makes out of what comes, or null after `ANSWER_MS`. */
export class AnswerWait {
  #take: ((answer: string | null) => void) | null = null;

  answered(answer: string): void {
    this.#take?.(answer);
  }

  next(timeoutMs: number = ANSWER_MS): Promise<string | null> {
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const lateTimer = setTimeout(() => resolve(null), timeoutMs);
    this.#take = resolve;
    return promise.finally(() => {
      clearTimeout(lateTimer);
      this.#take = null;
    });
  }
}
