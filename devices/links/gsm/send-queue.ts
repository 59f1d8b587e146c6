import { AT } from '../../../protocols/at-commands/commands.ts';
import type { EncodedPdu } from '../../../protocols/sms-pdu/encode.ts';
import type { StatusReport } from '../../../protocols/sms-pdu/message.ts';
import type { Answer } from './at-session.ts';
import { ModemError } from './modem-error.ts';
import { AwaitedReports, pdusOf, type Receipt, type TextMessage } from './outgoing.ts';
import { judgeRefusal, type SendFault } from './send-faults.ts';

export type Sent = { readonly kind: 'sent' } | ({ readonly kind: 'failed' } & SendFault);

type Job = {
  readonly message: TextMessage;
  readonly left: EncodedPdu[];
  readonly settle: (sent: Sent) => void;
  isGivenUp: boolean;
};

type Command = (text: string, pdu: string) => Promise<Answer>;

const BUSY: Sent = { kind: 'failed', code: 'busy', isPermanent: false, isChannelFault: true };
/** There is no modem: another attempt may find one. */
export const AWAY: Sent = { kind: 'failed', code: 'away', isPermanent: false, isChannelFault: true };

/** Messages that wait for the modem: one part at a time, between which everything that comes in goes first. */
export class SendQueue {
  readonly #limit: number;
  readonly #jobs: Job[] = [];
  readonly #awaited = new AwaitedReports();
  readonly #monoMs: () => number;
  readonly #onReceipt: (receipt: Receipt) => void;
  #reference = 0;

  constructor(limit: number, monoMs: () => number, onReceipt: (receipt: Receipt) => void) {
    this.#limit = limit;
    this.#monoMs = monoMs;
    this.#onReceipt = onReceipt;
  }

  /** Resolves when the network has taken all of it, or not. `signal` gives up what was not begun. */
  add(message: TextMessage, signal: AbortSignal): Promise<Sent> {
    if (this.#jobs.length >= this.#limit) return Promise.resolve(BUSY);
    this.#reference = (this.#reference + 1) & 0xff;
    const { promise, resolve } = Promise.withResolvers<Sent>();
    const job: Job = {
      ...{ message, left: pdusOf(message, this.#reference), settle: resolve, isGivenUp: false },
    };
    this.#jobs.push(job);
    const giveUp = (): void => {
      job.isGivenUp = true;
      resolve(BUSY);
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    return promise;
  }

  /** False: nothing waits. A modem that falls silent in between is the caller's matter too. */
  async sendOne(command: Command): Promise<boolean> {
    while (this.#jobs[0]?.isGivenUp === true) this.#jobs.shift();
    const job = this.#jobs[0];
    const pdu = job?.left[0];
    if (job === undefined || pdu === undefined) return false;
    try {
      const { end, said } = await command(AT.send(pdu.tpduOctets), pdu.hex);
      const sent = said.find((message) => message.kind === 'sent');
      if (end !== 'ok' || sent === undefined) {
        this.#finish(job, { kind: 'failed', ...judgeRefusal(typeof end === 'object' ? end.code : null) });
        return true;
      }
      job.left.shift();
      const isLast = job.left.length === 0;
      const known = this.#awaited.sent(job.message, sent.reference, isLast, this.#monoMs());
      if (isLast) this.#finish(job, { kind: 'sent' });
      if (known !== null) this.#onReceipt(known);
    } catch (error) {
      const code = error instanceof ModemError ? error.code : 'failed';
      this.#finish(job, { kind: 'failed', code, isPermanent: false, isChannelFault: true });
      throw error;
    }
    return true;
  }

  /** The modem is gone: whoever waits tries again, or another way. */
  abandon(): void {
    for (const job of this.#jobs.splice(0)) job.settle(AWAY);
  }

  report(report: StatusReport): void {
    const known = this.#awaited.take(report);
    if (known !== null) this.#onReceipt(known);
  }

  #finish(job: Job, sent: Sent): void {
    const at = this.#jobs.indexOf(job);
    if (at >= 0) this.#jobs.splice(at, 1);
    if (sent.kind === 'failed') this.#awaited.forget(job.message.id);
    job.settle(sent);
  }
}
