import type { Logger } from 'pino';
import type { AccountBook, Sender } from './ports.ts';

/** Stands for the account of a frame that names none. */
export const NO_ACCOUNT = 'none';

/** Grows each time that the register could not be asked. */
export type SenderCounters = { registerFaults: number };

/** Whose account this is. A register that fails makes senders unproven, never unheard. */
export function senderOf(
  book: AccountBook,
  receiver: string,
  account: string,
  counters: SenderCounters,
  logger: Pick<Logger, 'error'>,
): Sender {
  try {
    return book.accountOf(receiver, account);
  } catch (error) {
    counters.registerFaults += 1;
    const { registerFaults } = counters;
    // Every frame asks: said the 1st, 2nd, 4th, 8th … time.
    if (Number.isInteger(Math.log2(registerFaults))) {
      const cause = error instanceof Error ? error.name : 'unknown';
      logger.error({ cause, registerFaults }, 'the register could not be asked, senders count as unproven');
    }
    return { deviceId: `${receiver}-${account}`, standing: 'unverified', model: null, key: null };
  }
}
