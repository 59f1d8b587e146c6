import type { SurGardLimits } from './limits.ts';

/** One line of the receiver, however often it was sent. */
export type Exchange = {
  readonly text: string;
  /** Like no other's: copies handed to the door are known as one by it. */
  readonly name: string;
  /** When its last copy came, monotonic. */
  heardMonoMs: number;
  /** It is durable: whatever else comes of its copies, it may be answered. */
  isKept: boolean;
  /** When it was answered, monotonic; null while it was not. */
  answeredMonoMs: number | null;
};

/** What a frame is to the conversation: a line, or something that asks for an answer of another kind or for none. */
export type Heard = { readonly exchange: Exchange; readonly isResent: boolean };

/**
 * Who waits for which answer. The receiver sends a frame, waits 4 s for one byte, and takes whatever byte comes for the answer to that frame: so
 * there is an answer to the last frame alone, in its time, and only once. Pure but for its own memory; times are given.
 */
export class Conversation {
  readonly #limits: SurGardLimits;
  #last: Exchange | null = null;
  #count = 0;
  /** The line that the receiver waits for now; null while it waits for none that we know. */
  #awaited: Exchange | null = null;

  constructor(limits: SurGardLimits) {
    this.#limits = limits;
  }

  /** A line came whole. The same one again is a copy while nobody has answered it, or shortly after. */
  hear(text: string, nowMs: number, monoMs: number): Heard {
    if (this.isCopy(text, monoMs) && this.#last !== null) {
      const { answeredMonoMs } = this.#last;
      this.#last.heardMonoMs = monoMs;
      // It was on its way when we answered, and that answer is the one for it.
      const hasCrossed = answeredMonoMs !== null && monoMs - answeredMonoMs < this.#limits.crossedWithinMs;
      this.#awaited = hasCrossed ? null : this.#last;
      return { exchange: this.#last, isResent: true };
    }
    this.#count += 1;
    const exchange: Exchange = {
      text,
      // Two may come within a millisecond, and numbers begin anew with the process.
      name: `${nowMs}.${this.#count}`,
      heardMonoMs: monoMs,
      isKept: false,
      answeredMonoMs: null,
    };
    this.#last = exchange;
    this.#awaited = exchange;
    return { exchange, isResent: false };
  }

  isCopy(text: string, monoMs: number): boolean {
    const last = this.#last;
    if (last === null || last.text !== text) return false;
    const { unheardWithinMs, resentWithinMs } = this.#limits;
    return monoMs - last.heardMonoMs <= (last.answeredMonoMs === null ? resentWithinMs : unheardWithinMs);
  }

  /** The receiver waits for something else by now: a heartbeat, a frame that was not read, or nothing after an unplug. */
  turnAway(): void {
    this.#awaited = null;
  }

  /** Whether the answer to this line may be written now; then it counts as written. */
  mayAnswer(exchange: Exchange, monoMs: number): boolean {
    if (this.#awaited !== exchange || monoMs - exchange.heardMonoMs > this.#limits.answerWithinMs) return false;
    this.#awaited = null;
    exchange.answeredMonoMs = monoMs;
    return true;
  }
}
