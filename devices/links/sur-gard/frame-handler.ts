import type { SurGardMessage, SurGardRefusal } from '../../../protocols/sur-gard/message.ts';
import { createSurGardDecoder, type SurGardDecoder } from '../../../protocols/sur-gard/decode.ts';
import { ACK, DC4 } from '../../../protocols/sur-gard/limits.ts';
import type { AlarmEvent } from '../../event.ts';
import { describeMeaning } from '../../meaning/describe-message.ts';
import { meaningOfUnread, meaningsOfSurGard } from '../../meaning/sur-gard.ts';
import type { AlarmLane } from '../alarm-lane.ts';
import { FrameNotes } from '../frame-notes.ts';
import type { Account, InFlight } from '../in-flight.ts';
import type { Sender, TracedFrame } from '../ports.ts';
import { NO_ACCOUNT, senderOf } from '../sender.ts';
import { Conversation, type Exchange } from './conversation.ts';
import type { SurGardCounters } from './counters.ts';
import type { SurGardLimits } from './limits.ts';
import type { SurGardLinkOptions } from './link-options.ts';

export type FrameHandlerDeps = Pick<
  SurGardLinkOptions,
  'name' | 'widths' | 'book' | 'contacts' | 'trace' | 'clock' | 'logger'
> & {
  readonly lane: Pick<AlarmLane, 'accept'>;
  readonly inFlight: Pick<InFlight, 'mayRead'>;
  readonly limits: SurGardLimits;
  readonly counters: SurGardCounters;
  readonly answer: (bytes: Uint8Array) => void;
};

/** A message of an account. */
type SurGardLine = Exclude<SurGardMessage, { readonly kind: 'heartbeat' }>;

/** What the trace tells of a line. */
type Said = Pick<TracedFrame, 'deviceId' | 'meaning' | 'isSignOfLife'>;

/**
 * One frame from its bytes to its answer: decode, ask whose account it is, ask what it means, hand every alarm of it to the door, and
 * answer 0x06 only when all of them are durable (promise P1). There is no other answer: the receiver asks again when none comes. What
 * is sent again goes the same way: whether it is a repeat is not said here (promise P2).
 */
export class FrameHandler {
  readonly #deps: FrameHandlerDeps;
  readonly #decode: SurGardDecoder;
  readonly #conversation: Conversation;
  readonly #notes: FrameNotes;
  readonly #account: Account = { bytes: 0 };
  /** Begins as a frame and is none that we know. Said twice it is no noise. */
  #unread: string | null = null;

  constructor(deps: FrameHandlerDeps) {
    this.#deps = deps;
    this.#decode = createSurGardDecoder(deps.widths);
    this.#conversation = new Conversation(deps.limits);
    this.#notes = new FrameNotes(deps);
  }

  /** A frame without its DC4. Whether it was one: the receiver lives. Never throws: what we fail on ourselves rings unread. */
  take(frame: Uint8Array): boolean {
    const text = Buffer.from(frame).toString('latin1');
    try {
      return this.#take(frame, text);
    } catch (error) {
      this.#notes.failed(error);
      this.#hear(frame, text, null);
      return true;
    }
  }

  /** After an unplug nobody waits for an answer. */
  interrupt(): void {
    this.#conversation.turnAway();
  }

  #take(frame: Uint8Array, text: string): boolean {
    const { counters } = this.#deps;
    const decoded = this.#decode(frame);
    if (!decoded.ok && !this.#isMeant(decoded.reason, text)) {
      this.#refuse(frame, text, decoded.reason);
      return false;
    }
    counters.frames += 1;
    if (!decoded.ok) {
      this.#hear(frame, text, null);
      return true;
    }
    const { message, noise } = decoded;
    counters.noiseBytes += noise;
    if (message.kind === 'heartbeat') this.#beat(frame);
    else {
      this.#unread = null;
      this.#hear(frame, text, message);
    }
    return true;
  }

  #beat(frame: Uint8Array): void {
    this.#deps.counters.heartbeats += 1;
    this.#conversation.turnAway();
    const ack = this.#ack();
    this.#trace(frame, { deviceId: null, meaning: 'heartbeat', isSignOfLife: true });
    this.#traceAck(ack, null, true);
  }

  /**
   * A line that begins as one and is none that we know, sent again as it was: another protocol or another width, and somebody may have
   * pressed (promise P2).
   */
  #isMeant(reason: SurGardRefusal, text: string): boolean {
    if (reason !== 'unknown-form') return false;
    return text === this.#unread || this.#conversation.isCopy(text, this.#deps.clock.monoMs());
  }

  #refuse(frame: Uint8Array, text: string, reason: SurGardRefusal): void {
    const { counters } = this.#deps;
    counters.unread += 1;
    if (reason === 'not-printable') counters.wrongParity += 1;
    this.#unread = reason === 'unknown-form' ? text : null;
    // It waits for an answer to this: any that is due to another would be taken for it.
    this.#conversation.turnAway();
    this.#trace(frame, { deviceId: null, meaning: reason, isSignOfLife: false });
    this.#notes.bad(counters.unread, reason);
  }

  /** A line, whole or unread, for the first time or again. */
  #hear(frame: Uint8Array, text: string, message: SurGardLine | null): void {
    const { counters, inFlight, clock, name, book, logger } = this.#deps;
    const { exchange, isResent } = this.#conversation.hear(text, clock.nowMs(), clock.monoMs());
    if (isResent) counters.resent += 1;
    const early = isResent && exchange.isKept ? this.#answer(exchange) : null;
    const sender = senderOf(book, name, message?.account ?? NO_ACCOUNT, counters, logger);
    if (inFlight.mayRead(this.#account)) this.#pass(frame, exchange, sender, message);
    else {
      // It is asked for by silence, as what the door refuses.
      counters.notTaken += 1;
      this.#notes.bad(counters.notTaken, 'too-much-waits');
    }
    this.#traceAck(early, sender.deviceId, false);
  }

  #pass(frame: Uint8Array, exchange: Exchange, sender: Sender, message: SurGardLine | null): void {
    const { name, lane, counters } = this.#deps;
    const { deviceId, standing } = sender;
    const meanings = message === null ? [meaningOfUnread(exchange.text)] : meaningsOfSurGard(message);
    const raw = Uint8Array.from([...frame, DC4]);
    const source = { protocol: 'sur-gard', peer: name } as const;
    const kept = meanings.flatMap((meaning, index) => {
      if (meaning.kind !== 'alarm') return [];
      counters.alarms += 1;
      if (meaning.message.faults.some(({ code }) => code === 'unknown-code')) counters.unknownCodes += 1;
      // Under one name, however often it is sent before it is answered.
      const heard = { ...meaning.message, sequence: `${exchange.name}/${index}` };
      return [lane.accept({ deviceId, standing, source, raw, message: heard }, this.#account, 'sender-repeats')];
    });
    this.#notes.contact(sender);
    const said = {
      deviceId,
      meaning: meanings.map((meaning) => describeMeaning(meaning, standing)).join('; '),
      isSignOfLife: meanings.every(({ kind }) => kind === 'heartbeat'),
    };
    if (kept.length === 0) this.#settle(frame, exchange, said, []);
    else this.#whenKept(Promise.all(kept), frame, exchange, said);
  }

  #whenKept(kept: Promise<readonly AlarmEvent[]>, frame: Uint8Array, exchange: Exchange, said: Said): void {
    kept
      .then(
        (events) => this.#settle(frame, exchange, said, events),
        // The lane has said so.
        () => this.#trace(frame, { ...said, meaning: `not kept, ${said.meaning}` }),
      )
      .catch((error: unknown) => this.#notes.failed(error));
  }

  #settle(frame: Uint8Array, exchange: Exchange, said: Said, events: readonly AlarmEvent[]): void {
    exchange.isKept = true;
    const ack = this.#answer(exchange);
    this.#trace(frame, said, events);
    this.#traceAck(ack, said.deviceId, said.isSignOfLife);
  }

  /** What was answered; null: it is answered already, or nobody waits for it any longer. */
  #answer(exchange: Exchange): Uint8Array | null {
    if (this.#conversation.mayAnswer(exchange, this.#deps.clock.monoMs())) return this.#ack();
    if (exchange.answeredMonoMs === null) this.#deps.counters.tooLate += 1;
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
    const told = { deviceId, raw: ack, meaning: 'ack', isSignOfLife };
    this.#notes.trace({ peer: this.#deps.name, direction: 'out', ...told });
  }

  #trace(raw: Uint8Array, said: Said, events: readonly AlarmEvent[] = []): void {
    const ids = events.length === 0 ? {} : { eventIds: events.map(({ id }) => id) };
    this.#notes.trace({ peer: this.#deps.name, direction: 'in', raw, ...said, ...ids });
  }
}
