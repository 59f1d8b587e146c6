import { createHash } from 'node:crypto';
import type { Slot } from '../../../protocols/at-commands/message.ts';
import { numberOf } from '../../../protocols/sms-pdu/address.ts';
import { decodeIncoming } from '../../../protocols/sms-pdu/decode-incoming.ts';
import type { Deliver, PduFault, StatusReport } from '../../../protocols/sms-pdu/message.ts';
import { Reassembler, type Assembled } from '../../../protocols/sms-pdu/reassembler.ts';
import type { Fault } from '../../event.ts';
import { READ_AGAIN } from './limits.ts';
import { textOfBody } from './sms-text.ts';

/** A message as it lay in a slot of one opening of the line; null: it came straight and lies nowhere. */
export type Item = {
  readonly slot: Slot | null;
  readonly life: number;
  readonly hex: string;
  readonly message: Deliver;
  readonly faults: readonly PduFault[];
};

/** A message that is whole, or as whole as it gets. */
export type Whole = {
  readonly id: string;
  readonly at: number | null;
  readonly number: string | null;
  readonly isNamed: boolean;
  readonly text: string;
  readonly faults: readonly Fault[];
  readonly raw: Uint8Array;
  readonly items: readonly Item[];
};

export type InboxDeps = {
  /** Resolves when it is durable, or is no alarm; rejects when nothing kept it. */
  readonly handOver: (whole: Whole) => Promise<void>;
  readonly onReport: (report: StatusReport) => void;
  /** May be deleted now. */
  readonly onDone: (slot: Slot) => void;
  /** Nothing kept it: it is still stored and must be read again. */
  readonly onRefused: () => void;
  readonly counters: InboxCounters;
};

/** All of it only grows. */
export type InboxCounters = {
  /** Messages and reports that came as they were sent; one that is read again counts again. */
  read: number;
  /** … and those that came spoilt over the cable. */
  spoilt: number;
};

/** Faults of the cable, not of the message: it is worth to read it again. */
const OF_THE_CABLE: ReadonlySet<PduFault['code']> = new Set(['not-hex', 'wrong-length', 'cut']);

/** Takes what was read from a modem's store to the door, each message once for as long as it lies there. */
export class Inbox {
  readonly #deps: InboxDeps;
  readonly #reassembler = new Reassembler<Item>((a, b) => a.hex === b.hex);
  /** What lies in the slots of this life of the line and is under way. */
  #held = new Map<string, string>();
  #spoilt = new Map<string, number>();
  #life = 0;

  constructor(deps: InboxDeps) {
    this.#deps = deps;
  }

  /**
   * Slots may hold anything from now on. Parts that wait go on waiting: a modem that comes and goes must not put their minute
   * off.
   */
  begin(): void {
    this.#life += 1;
    this.#held = new Map();
    this.#spoilt = new Map();
  }

  /** `again`: it came spoilt and is to be read once more. `slot` null: a message that came straight. */
  take(slot: Slot | null, hex: string, octets: number | null, nowMs: number): 'taken' | 'again' {
    const key = slot === null ? null : keyOf(slot);
    if (key !== null && this.#held.get(key) === hex) return 'taken';
    const { message, faults } = decodeIncoming(hex, octets);
    const isSpoilt = faults.some(({ code }) => OF_THE_CABLE.has(code));
    if (isSpoilt) this.#deps.counters.spoilt += 1;
    else this.#deps.counters.read += 1;
    if (key !== null && isSpoilt) {
      const times = (this.#spoilt.get(key) ?? 0) + 1;
      this.#spoilt.set(key, times);
      if (times <= READ_AGAIN) return 'again';
    }
    if (key !== null) this.#held.set(key, hex);
    if (message.kind === 'status-report') {
      this.#deps.onReport(message);
      if (slot !== null) this.#deps.onDone(slot);
      return 'taken';
    }
    const item: Item = { slot, life: this.#life, hex, message, faults };
    const { part, from } = message;
    if (part === null || part.total === 1) this.#handOver([item], []);
    else for (const whole of this.#reassembler.add(from, part, item, nowMs)) this.#assembled(whole);
    return 'taken';
  }

  /** Hands on what has waited for its other parts long enough. */
  tick(nowMs: number): void {
    for (const late of this.#reassembler.due(nowMs)) this.#assembled(late);
  }

  /** It is gone from its slot: what lies there next is another. */
  deleted(slot: Slot): void {
    this.#held.delete(keyOf(slot));
    this.#spoilt.delete(keyOf(slot));
  }

  #assembled({ parts, missing }: Assembled<Item>): void {
    this.#handOver(
      parts.map(({ item }) => item),
      missing,
    );
  }

  #handOver(items: readonly Item[], missing: readonly number[]): void {
    const settle = (then: (slot: Slot) => void): void => {
      for (const { slot, life } of items) if (slot !== null && life === this.#life) then(slot);
    };
    this.#deps.handOver(wholeOf(items, missing)).then(
      () => settle(this.#deps.onDone),
      () => {
        // The door has said why. It lies on the card, and is read again.
        settle((slot) => this.deleted(slot));
        this.#deps.onRefused();
      },
    );
  }
}

function keyOf({ memory, index }: Slot): string {
  return `${memory} ${index}`;
}

/** One message of its parts, in order. Pure. */
export function wholeOf(items: readonly Item[], missing: readonly number[]): Whole {
  const byNumber = new Map(items.map((item) => [item.message.part?.number ?? 1, item]));
  const inOrder = [...byNumber].toSorted(([a], [b]) => a - b);
  const first = inOrder[0]?.[1];
  const { from = null, time = null } = first?.message ?? {};
  let next = 1;
  let text = '';
  for (const [number, { message }] of inOrder) {
    if (missing.length > 0 && number > next) text += ' … ';
    text += textOfBody(message.body);
    next = number + 1;
  }
  if (missing.some((number) => number >= next)) text += ' …';
  const hexes = inOrder.map(([, { hex }]) => hex);
  const faults: Fault[] = [];
  if (missing.length > 0) faults.push({ code: 'wrong-length', path: '/parts' });
  if (time === null) faults.push({ code: 'no-time', path: '/at' });
  if (inOrder.some(([, item]) => item.faults.some(({ code }) => code !== 'bad-time'))) {
    faults.push({ code: 'bad-field', path: '/pdu' });
  }
  return {
    id: createHash('sha256')
      .update(JSON.stringify([time?.at ?? null, text]))
      .digest('base64url')
      .slice(0, 22),
    at: time?.at ?? null,
    number: from === null ? null : numberOf(from),
    isNamed: from?.kind === 'alphanumeric',
    text,
    faults,
    raw: Buffer.from(hexes.join('\n'), 'latin1'),
    items,
  };
}
