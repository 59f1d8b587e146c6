import type { DecodedSurGard, SurGardMessage } from '../../../protocols/sur-gard/message.ts';
import { createSurGardDecoder, type SurGardDecoder } from '../../../protocols/sur-gard/decode.ts';
import { ACK, DC4 } from '../../../protocols/sur-gard/limits.ts';
import type { AlarmEvent } from '../../event.ts';
import { describeMeaning } from '../../meaning/describe-message.ts';
import { meaningOfUnread, meaningsOfSurGard } from '../../meaning/sur-gard.ts';
import type { Sender, TracedFrame } from '../ports.ts';
import { NO_ACCOUNT, senderOf } from '../sender.ts';
import { Conversation, type Exchange } from './conversation.ts';
import type { SurGardCounters } from './counters.ts';
import type { SurGardLimits } from './limits.ts';
import type { SurGardLinkOptions } from './link-options.ts';

export type FrameHandlerDeps = Pick<
  SurGardLinkOptions,
  'name' | 'widths' | 'book' | 'door' | 'contacts' | 'trace' | 'clock' | 'logger'
> & {
  readonly limits: SurGardLimits;
  readonly counters: SurGardCounters;
  readonly answer: (bytes: Uint8Array) => void;
};

/** What the trace tells of a line. */
type Said = Pick<TracedFrame, 'meaning' | 'isSignOfLife'>;

/**
 * One frame from its bytes to its answer: decode, ask whose account it is, ask what it means, hand every alarm of it to the door, and
 * answer 0x06 only when all of them are durable (promise P1). There is no other answer: the receiver asks again when none comes.
 */
export class FrameHandler {
  readonly #deps: FrameHandlerDeps;
  readonly #decode: SurGardDecoder;
  readonly #conversation: Conversation;
  readonly #waiting = new Set<Promise<unknown>>();
  /** Begins as a frame and is none that we know. Said twice it is no noise. */
  #unread: string | null = null;
  /** Whose the last line was; a copy is of the same. */
  #lastDeviceId: string | null = null;

  constructor(deps: FrameHandlerDeps) {
    this.#deps = deps;
    this.#decode = createSurGardDecoder(deps.widths);
    this.#conversation = new Conversation(deps.limits);
  }

  /** A frame without its DC4. Whether it was one: the receiver lives. */
  take(frame: Uint8Array): boolean {
    const { counters, clock } = this.#deps;
    const decoded = this.#decode(frame);
    const text = Buffer.from(frame).toString('latin1');
    if (!decoded.ok && !this.#isMeant(decoded, text)) {
      this.#refuse(frame, text, decoded);
      return false;
    }
    counters.frames += 1;
    if (decoded.ok) counters.noiseBytes += decoded.noise;
    if (decoded.ok && decoded.message.kind === 'heartbeat') {
      counters.heartbeats += 1;
      this.#conversation.turnAway();
      const ack = this.#ack();
      this.#trace(frame, null, { meaning: 'heartbeat', isSignOfLife: true });
      this.#traceAck(ack, null, true);
      return true;
    }
    if (decoded.ok) this.#unread = null;
    const { exchange, isResent } = this.#conversation.hear(text, clock.nowMs(), clock.monoMs());
    if (isResent) {
      counters.resent += 1;
      this.#trace(frame, this.#lastDeviceId, { meaning: 'sent again', isSignOfLife: false });
    }
    if (isResent && exchange.state === 'kept') this.#traceAck(this.#answer(exchange), this.#lastDeviceId, false);
    else if (!isResent || exchange.state === 'refused')
      this.#pass(frame, exchange, decoded.ok ? decoded.message : null);
    return true;
  }

  /** After an unplug nobody waits for an answer. */
  interrupt(): void {
    this.#conversation.turnAway();
  }

  /** What is at the door; settles whatever comes of it. */
  waiting(): readonly Promise<unknown>[] {
    return [...this.#waiting];
  }

  /**
   * A line that begins as one and is none that we know, sent again as it was: another protocol or another width, and somebody may have
   * pressed (promise P2).
   */
  #isMeant(decoded: DecodedSurGard, text: string): boolean {
    if (decoded.ok || decoded.reason !== 'unknown-form') return false;
    return text === this.#unread || this.#conversation.isCopy(text, this.#deps.clock.monoMs());
  }

  #refuse(frame: Uint8Array, text: string, decoded: DecodedSurGard): void {
    const { counters, name, logger } = this.#deps;
    const reason = decoded.ok ? 'none' : decoded.reason;
    counters.unread += 1;
    if (reason === 'not-printable') counters.wrongParity += 1;
    this.#unread = reason === 'unknown-form' ? text : null;
    // It waits for an answer to this: any that is due to another would be taken for it.
    this.#conversation.turnAway();
    this.#trace(frame, null, { meaning: reason, isSignOfLife: false });
    // A line with a wrong speed brings nothing else: said the 1st, 2nd, 4th, 8th … time.
    const count = counters.unread;
    if (Number.isInteger(Math.log2(count))) logger.warn({ link: name, reason, count }, 'bad frame, not answered');
  }

  #pass(frame: Uint8Array, exchange: Exchange, message: SurGardMessage | null): void {
    const { name, door, counters, logger } = this.#deps;
    const account = message === null || message.kind === 'heartbeat' ? NO_ACCOUNT : message.account;
    const sender = senderOf(this.#deps.book, name, account, counters, logger);
    this.#lastDeviceId = sender.deviceId;
    const meanings = message === null ? [meaningOfUnread(exchange.text)] : meaningsOfSurGard(message);
    const raw = Uint8Array.from([...frame, DC4]);
    const source = { protocol: 'sur-gard', peer: name } as const;
    exchange.state = 'waiting';
    const kept = meanings.flatMap((meaning, index) => {
      if (meaning.kind !== 'alarm') return [];
      counters.alarms += 1;
      if (meaning.message.faults.some(({ code }) => code === 'unknown-code')) counters.unknownCodes += 1;
      const { deviceId, standing } = sender;
      // Under one name, however often it is sent before it is answered.
      const sequence = `${exchange.firstHeardMs}/${index}`;
      return [door.accept({ deviceId, standing, source, raw, message: { ...meaning.message, sequence } })];
    });
    this.#tellContacts(sender);
    const said = {
      meaning: meanings.map((meaning) => describeMeaning(meaning, sender.standing)).join('; '),
      isSignOfLife: meanings.every(({ kind }) => kind === 'heartbeat'),
    };
    if (kept.length === 0) this.#settle(frame, exchange, sender, said, []);
    else this.#whenKept(Promise.all(kept), frame, exchange, sender, said);
  }

  #whenKept(
    kept: Promise<readonly AlarmEvent[]>,
    frame: Uint8Array,
    exchange: Exchange,
    sender: Sender,
    said: Said,
  ): void {
    const { counters, logger, name } = this.#deps;
    const settled = kept.then(
      (events) => this.#settle(frame, exchange, sender, said, events),
      (error: unknown) => {
        exchange.state = 'refused';
        counters.alarmsNotDurable += 1;
        const { deviceId } = sender;
        logger.error({ err: error, link: name, deviceId }, 'alarm is not durable, no acknowledgement');
        this.#trace(frame, deviceId, { ...said, meaning: `not kept, ${said.meaning}` });
      },
    );
    this.#waiting.add(settled);
    void settled.finally(() => this.#waiting.delete(settled));
  }

  #settle(
    frame: Uint8Array,
    exchange: Exchange,
    { deviceId }: Sender,
    said: Said,
    events: readonly AlarmEvent[],
  ): void {
    exchange.state = 'kept';
    const ack = this.#answer(exchange);
    this.#trace(frame, deviceId, said, events);
    this.#traceAck(ack, deviceId, said.isSignOfLife);
  }

  /** What was answered; null: nobody waits for it any longer. */
  #answer(exchange: Exchange): Uint8Array | null {
    if (this.#conversation.mayAnswer(exchange, this.#deps.clock.monoMs())) return this.#ack();
    this.#deps.counters.tooLate += 1;
    return null;
  }

  #ack(): Uint8Array {
    const { counters, answer } = this.#deps;
    counters.acked += 1;
    const ack = Uint8Array.of(ACK);
    answer(ack);
    return ack;
  }

  #traceAck(ack: Uint8Array | null, deviceId: string | null, isSignOfLife: boolean): void {
    if (ack === null) return;
    const { trace, name } = this.#deps;
    const told = {
      link: name,
      peer: name,
      direction: 'out',
      deviceId,
      raw: ack,
      meaning: 'ack',
      isSignOfLife,
    } as const;
    this.#safely(() => trace?.frame(told));
  }

  /** Who does not prove itself was refused as a sign of life; a known one of them is a technical incident (design §7). */
  #tellContacts({ deviceId, standing }: Sender): void {
    const { contacts } = this.#deps;
    this.#safely(() =>
      standing === 'verified' ? contacts.heard(deviceId, standing) : contacts.connected(deviceId, standing),
    );
  }

  #trace(raw: Uint8Array, deviceId: string | null, said: Said, events: readonly AlarmEvent[] = []): void {
    const { trace, name } = this.#deps;
    const ids = events.length === 0 ? {} : { eventIds: events.map(({ id }) => id) };
    this.#safely(() => trace?.frame({ link: name, peer: name, direction: 'in', deviceId, raw, ...said, ...ids }));
  }

  /** A listener that fails costs its own news, never the receiver's answer. */
  #safely(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#deps.logger.error({ err: error, link: this.#deps.name }, 'listener of a receiver failed');
    }
  }
}
