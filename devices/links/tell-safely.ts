import type { Logger } from 'pino';

/** Tells somebody who only listens: a listener that fails costs its own news, never an alarm or its answer. */
export function tellSafely(link: string, logger: Pick<Logger, 'error'>, tell: () => void): void {
  try {
    tell();
  } catch (error) {
    logger.error({ err: error, link }, 'listener of a receiver failed');
  }
}
