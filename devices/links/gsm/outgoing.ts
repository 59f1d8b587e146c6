import { addressOf } from '../../../protocols/sms-pdu/address.ts';
import { deliveryOf } from '../../../protocols/sms-pdu/delivery-status.ts';
import { encodeSubmit, type EncodedPdu } from '../../../protocols/sms-pdu/encode.ts';
import type { StatusReport } from '../../../protocols/sms-pdu/message.ts';
import { splitText } from '../../../protocols/sms-pdu/split-text.ts';
import { MAX_AWAITED, MAX_SENT_PARTS, REPORT_WITHIN_MS, VALIDITY_MIN } from './limits.ts';

export type TextMessage = { readonly id: string; readonly to: string; readonly text: string };

/** The parts of a text as they are given to a modem; `reference` is the same for all and not that of another one of late. */
export function pdusOf({ to, text }: TextMessage, reference: number): EncodedPdu[] {
  const parts = splitText(text).slice(0, MAX_SENT_PARTS);
  return parts.map((body, i) =>
    encodeSubmit({
      ...{ kind: 'submit', reference: 0, to: addressOf(to), body, wantsReport: true, validityMin: VALIDITY_MIN },
      part: parts.length === 1 ? null : { bits: 8, reference, total: parts.length, number: i + 1 },
    }),
  );
}

type Awaited = {
  readonly id: string;
  readonly tail: string;
  readonly sinceMs: number;
  /** Parts on their way. */
  readonly open: Set<number>;
  isWhole: boolean;
};

export type Receipt = { readonly id: string; readonly receipt: 'delivered' | 'undelivered' };

/** Reports that came before the modem had said under which reference the message went. Chosen. */
const MAX_EARLY = 32;

/** Whose reports are waited for. References are a byte wide and come round, so the number counts too. */
export class AwaitedReports {
  readonly #byId = new Map<string, Awaited>();
  #early: StatusReport[] = [];

  /** The network took a part of a message. What is known of it already, or null. */
  sent({ id, to }: TextMessage, reference: number, isLast: boolean, nowMs: number): Receipt | null {
    for (const [key, { sinceMs }] of this.#byId) {
      if (this.#byId.size < MAX_AWAITED && nowMs - sinceMs < REPORT_WITHIN_MS) break;
      this.#byId.delete(key);
    }
    const known = this.#byId.get(id);
    const awaited = known ?? { id, tail: tailOf(to), sinceMs: nowMs, open: new Set<number>(), isWhole: false };
    awaited.open.add(reference);
    awaited.isWhole = isLast;
    this.#byId.set(id, awaited);
    const early = this.#early.find((report) => isOf(awaited, report));
    if (early === undefined) return null;
    this.#early = this.#early.filter((report) => report !== early);
    return this.#note(awaited, early);
  }

  /** It failed in the middle: what arrives of it is no whole message. */
  forget(id: string): void {
    this.#byId.delete(id);
  }

  /** What is known of a message by this report: all parts arrived, or one never will. Null: nothing new. */
  take(report: StatusReport): Receipt | null {
    if (deliveryOf(report.status) === 'trying') return null;
    const found = [...this.#byId.values()].findLast((awaited) => isOf(awaited, report));
    if (found !== undefined) return this.#note(found, report);
    this.#early = [...this.#early, report].slice(-MAX_EARLY);
    return null;
  }

  #note(awaited: Awaited, { reference, status }: StatusReport): Receipt | null {
    const { id, open } = awaited;
    open.delete(reference);
    if (deliveryOf(status) === 'delivered') {
      if (open.size > 0 || !awaited.isWhole) return null;
      this.#byId.delete(id);
      return { id, receipt: 'delivered' };
    }
    this.#byId.delete(id);
    return { id, receipt: 'undelivered' };
  }
}

function isOf({ open, tail }: Awaited, { reference, to }: StatusReport): boolean {
  return open.has(reference) && tail === tailOf(to?.value ?? '');
}

/** What all ways of writing a number have in common. */
export function tailOf(number: string): string {
  return number.replaceAll(/\D/g, '').slice(-8);
}
