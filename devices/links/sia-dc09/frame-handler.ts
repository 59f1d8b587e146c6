import type { Logger } from 'pino';
import { decodeDc09 } from '../../../protocols/sia-dc09/decode.ts';
import { encodeDc09Reply, type Dc09Secrecy } from '../../../protocols/sia-dc09/encode.ts';
import type { Dc09Message, Dc09Refusal } from '../../../protocols/sia-dc09/message.ts';
import { accountOfFrame } from '../../../protocols/sia-dc09/payload.ts';
import type { AlarmMessage, Fault } from '../../event.ts';
import { describeMeaning } from '../../meaning/describe-message.ts';
import type { ReceiverMeaning } from '../../meaning/receiver-meaning.ts';
import { meaningsOfDc09 } from '../../meaning/sia-dc09.ts';
import type { AlarmLane } from '../alarm-lane.ts';
import { FrameNotes } from '../frame-notes.ts';
import type { Account } from '../in-flight.ts';
import type { AccountBook, ContactSink, FrameTrace, Sender, TracedFrame, WallClock } from '../ports.ts';
import { NO_ACCOUNT, senderOf } from '../sender.ts';
import { createSecrecy } from './aes-cipher.ts';
import { isTimeWrong } from './clock-window.ts';
import type { Dc09Counters } from './counters.ts';

export type FrameHandlerDeps = {
  /** Of the receiver, as accounts are registered for it. */
  readonly name: string;
  readonly book: AccountBook;
  readonly lane: Pick<AlarmLane, 'accept'>;
  readonly contacts: ContactSink;
  readonly trace?: FrameTrace | undefined;
  readonly counters: Dc09Counters;
  /** A wrong clock is answered with the right time instead of an acknowledgement. */
  readonly isStrict: boolean;
  readonly clock: WallClock;
  readonly logger: Logger;
};

/** Where a frame came from, and the way back. */
export type FrameOrigin = {
  readonly peer: string;
  readonly account: Account;
  readonly answer: (bytes: Uint8Array) => void;
};

/** What a frame came to. */
type Heard = {
  readonly sender: Sender;
  readonly meanings: readonly ReceiverMeaning[];
  /** Found by the link; every alarm of the frame has them. */
  readonly faults: readonly Fault[];
  /** Whether it shows that the panel lives now. */
  readonly isAlive: boolean;
  /** Answers. What was answered, for the trace; null: nothing. */
  readonly reply: () => Omit<TracedFrame, 'link'> | null;
};

/** What is answered: stored, or "your clock is wrong, this is the time". Null: nothing, and the panel sends again. */
type Answer = 'ack' | 'nak' | null;

/**
 * One frame from its bytes to its answer: decode, ask whose account it is, ask what it means, hand every alarm of it to the door, and
 * answer only when all of them are durable (promise P1). Nothing here may refuse an alarm: what is wrong with it becomes a fault.
 */
export class FrameHandler {
  readonly #deps: FrameHandlerDeps;
  readonly #notes: FrameNotes;

  constructor(deps: FrameHandlerDeps) {
    this.#deps = deps;
    this.#notes = new FrameNotes(deps);
  }

  /** `frame`: from LF to CR. Whether it was one: its CRC was right. Never throws: what we fail on ourselves rings unread. */
  take(frame: Uint8Array, origin: FrameOrigin): boolean {
    try {
      return this.#take(frame, origin);
    } catch (error) {
      this.#notes.failed(error);
      return this.#ringUnread(frame, origin, 'unknown-type');
    }
  }

  #take(frame: Uint8Array, origin: FrameOrigin): boolean {
    const { counters, clock, isStrict } = this.#deps;
    const keys: { secrecy: Dc09Secrecy | null } = { secrecy: null };
    const decoded = decodeDc09(frame, {
      cipherFor: (account) => {
        const { key } = this.#senderOf(account);
        keys.secrecy = key === null ? null : createSecrecy(key);
        return keys.secrecy?.cipher ?? null;
      },
    });
    if (!decoded.ok) return this.#refuse(frame, origin, decoded.reason);
    const { message } = decoded;
    counters.frames += 1;
    if (!message.lenIsRight) counters.wrongLength += 1;
    if (isReply(message)) {
      counters.replies += 1;
      return true;
    }
    const isUnread = decoded.faults.some(({ code }) => code === 'not-decrypted');
    if (isUnread) counters.notDecrypted += 1;
    const isLate = isTimeWrong(message.at, clock.nowMs());
    if (isLate) counters.wrongTime += 1;
    const sender = this.#judge(this.#senderOf(accountOfFrame(message)), message, isUnread);
    const meanings = meaningsOfDc09(message, decoded.faults);
    const faults: readonly Fault[] = isLate ? [{ code: 'wrong-time', path: '/time' }] : [];
    const answer: Answer = isUnread ? null : isLate && isStrict ? 'nak' : 'ack';
    const isSignOfLife = isBeat(meanings);
    const traced = { peer: origin.peer, direction: 'out', deviceId: sender.deviceId, isSignOfLife } as const;
    const reply: Heard['reply'] = () => this.#answer(answer, message, keys.secrecy, origin, traced);
    // What is told the time may be old, recorded by somebody: it lives when it comes again with the right one.
    this.#pass(frame, origin, { sender, meanings, faults, isAlive: answer !== 'nak', reply });
    return true;
  }

  /** Nothing here is answered (DC-09 §5.4). */
  #refuse(frame: Uint8Array, origin: FrameOrigin, reason: Dc09Refusal): boolean {
    const { counters } = this.#deps;
    if (reason === 'bad-header') {
      counters.badHeader += 1;
      return this.#ringUnread(frame, origin, 'bad-field');
    }
    if (reason === 'wrong-crc') {
      counters.wrongCrc += 1;
      this.#notes.bad(counters.wrongCrc, reason);
    } else counters.garbageBytes += frame.length;
    const traced = { peer: origin.peer, direction: 'in', deviceId: null, isSignOfLife: false } as const;
    this.#notes.trace({ ...traced, raw: frame, meaning: reason });
    return false;
  }

  /** Its CRC is right, so somebody meant it; nothing says what an answer would have to echo. */
  #ringUnread(frame: Uint8Array, origin: FrameOrigin, code: Fault['code']): boolean {
    const message: AlarmMessage = { kind: 'alarm', type: 'unknown', faults: [{ code, path: '' }] };
    const sender = this.#senderOf(null);
    this.#pass(frame, origin, {
      ...{ sender, meanings: [{ kind: 'alarm', message }], faults: [], isAlive: false, reply: () => null },
    });
    return true;
  }

  /** Alarms first; then signs of life; the answer when every alarm is durable, at once where there is none. */
  #pass(frame: Uint8Array, origin: FrameOrigin, { sender, meanings, faults, isAlive, reply }: Heard): void {
    const { lane, counters } = this.#deps;
    const { deviceId, standing } = sender;
    const source = { protocol: 'sia-dc09', peer: origin.peer } as const;
    const alarms = meanings.flatMap((meaning) => (meaning.kind === 'alarm' ? [meaning.message] : []));
    const kept = alarms.map((message) => {
      counters.alarms += 1;
      const arrival = { deviceId, standing, source, raw: frame };
      const whole = { ...message, faults: [...message.faults, ...faults] };
      return lane.accept({ ...arrival, message: whole }, origin.account, 'sender-repeats');
    });
    if (meanings.some(({ kind }) => kind === 'heartbeat')) counters.heartbeats += 1;
    if (alarms.some((message) => message.faults.some(({ code }) => code === 'unknown-code'))) {
      counters.unknownCodes += 1;
      this.#notes.bad(counters.unknownCodes, 'unknown-code', deviceId);
    }
    if (isAlive) this.#notes.contact(sender);
    const meaning = meanings.map((each) => describeMeaning(each, standing)).join('; ');
    const whose = { peer: origin.peer, direction: 'in', deviceId, isSignOfLife: isBeat(meanings) } as const;
    const traced = { ...whose, raw: frame, meaning };
    // The answer goes first: a panel waits for it, nobody waits for the trace.
    const settle = (told: Omit<TracedFrame, 'link'>): void => {
      const answered = reply();
      this.#notes.trace(told);
      if (answered !== null) this.#notes.trace(answered);
    };
    if (kept.length === 0) {
      settle(traced);
      return;
    }
    Promise.all(kept)
      .then(
        (events) => settle({ ...traced, eventIds: events.map(({ id }) => id) }),
        // The lane has said so. Without an answer the panel sends all of it again, and what was kept of it is a repeat then.
        () => this.#notes.trace({ ...traced, meaning: `not kept, ${meaning}` }),
      )
      .catch((error: unknown) => this.#notes.failed(error));
  }

  #answer(
    answer: Answer,
    message: Dc09Message,
    secrecy: Dc09Secrecy | null,
    origin: FrameOrigin,
    traced: Omit<TracedFrame, 'link' | 'raw' | 'meaning'>,
  ): Omit<TracedFrame, 'link'> | null {
    if (answer === null) return null;
    const { counters, clock } = this.#deps;
    if (answer === 'ack') counters.acked += 1;
    else counters.timeTold += 1;
    const bytes = encodeDc09Reply({ kind: answer, at: clock.nowMs() }, message, secrecy ?? undefined);
    origin.answer(bytes);
    return { ...traced, raw: bytes, meaning: answer };
  }

  /** An account that has a key proves itself by it: what comes in clear, or cannot be read, may be anybody's. */
  #judge(sender: Sender, message: Dc09Message, isUnread: boolean): Sender {
    const { counters } = this.#deps;
    const isClear = sender.key !== null && !message.isEncrypted;
    if (isClear) {
      counters.inClear += 1;
      this.#notes.bad(counters.inClear, 'in-clear', sender.deviceId);
    }
    if (isUnread) this.#notes.bad(counters.notDecrypted, 'not-decrypted', sender.deviceId);
    if (sender.standing !== 'verified' || (!isClear && !isUnread)) return sender;
    return { ...sender, standing: 'unverified' };
  }

  #senderOf(account: string | null): Sender {
    const { book, name, counters, logger } = this.#deps;
    return senderOf(book, name, account ?? NO_ACCOUNT, counters, logger);
  }
}

function isReply({ token }: Dc09Message): boolean {
  return token === 'ACK' || token === 'NAK' || token === 'DUH' || token === 'RSP';
}

function isBeat(meanings: readonly ReceiverMeaning[]): boolean {
  return meanings.every(({ kind }) => kind === 'heartbeat');
}
