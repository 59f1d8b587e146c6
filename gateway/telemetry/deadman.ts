import type { Logger } from 'pino';
import { errorCode } from '../errors.ts';

/** Design §4 Time. Whoever listens should ring after two or three missed calls. */
const CALL_EVERY_MS = 30_000;
/** Chosen: an answer that takes longer is none. */
const ANSWER_WITHIN_MS = 10_000;

export type DeadmanDeps = {
  /** Its path is often its secret, so it is never logged. */
  readonly url: string;
  /** Whether alarms are kept and deadlines counted now; while not, nothing is called and the other side rings. */
  readonly isAlive: () => boolean;
  readonly logger: Logger;
  readonly everyMs?: number;
};

/**
 * Calls an address as long as this gateway does its work, so that somebody outside notices when it does not: nobody inside
 * a dead process can. A call that fails changes nothing here.
 */
export function createDeadman({ url, isAlive, logger, everyMs = CALL_EVERY_MS }: DeadmanDeps) {
  let callTimer: NodeJS.Timeout | null = null;
  let isAnswered = true;
  let stopping = new AbortController();

  async function call(): Promise<void> {
    if (!isAlive()) return;
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    let fault: string | null = null;
    try {
      const answer = await fetch(url, { signal });
      await answer.body?.cancel();
      if (!answer.ok) fault = String(answer.status);
    } catch (error) {
      if (stopping.signal.aborted) return;
      fault = errorCode(error);
    }
    if (fault !== null && isAnswered) logger.warn({ code: fault }, 'the dead-man address does not answer');
    isAnswered = fault === null;
  }

  return {
    start: (): void => {
      if (callTimer !== null) return;
      stopping = new AbortController();
      callTimer = setInterval(() => void call(), everyMs);
      void call();
    },
    stop: (): void => {
      if (callTimer !== null) clearInterval(callTimer);
      callTimer = null;
      stopping.abort();
    },
  };
}
