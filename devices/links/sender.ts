import type { Logger } from 'pino';
import type { AccountBook, NumberBook, NumberedSender, Sender } from './ports.ts';
import { isWorthALine } from './worth-a-line.ts';

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
    tellRegisterFault(error, counters.registerFaults, logger);
    return { deviceId: `${receiver}-${account}`, standing: 'unverified', model: null, key: null };
  }
}

/** Whose number this is. A register that fails makes who calls or writes unknown, never unheard; a number is in no log line. */
export function callerOf(
  book: NumberBook,
  line: string,
  number: string | null,
  logger: Pick<Logger, 'error'>,
): NumberedSender {
  try {
    return book.callerOf(line, number);
  } catch (error) {
    logger.error({ cause: nameOf(error), line }, 'the register could not be asked whose number this is');
    const whose = number === null ? 'withheld' : 'unknown';
    const caller = { number, whose, residentIds: [], homeId: null } as const;
    return { deviceId: line, standing: 'unregistered', model: null, key: null, caller };
  }
}

/** `faults`: how often it failed by now. Every frame and every connection asks. Names nobody: words of the cause may. */
export function tellRegisterFault(error: unknown, faults: number, logger: Pick<Logger, 'error'>): void {
  if (!isWorthALine(faults)) return;
  logger.error({ cause: nameOf(error), faults }, 'the register could not be asked, senders count as unproven');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
