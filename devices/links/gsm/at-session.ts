import { CTRL_Z, ESCAPE } from '../../../protocols/at-commands/commands.ts';
import { decodeLine } from '../../../protocols/at-commands/decode-line.ts';
import { AtFramer, type AtFrame } from '../../../protocols/at-commands/framer.ts';
import type { AtMessage, Result } from '../../../protocols/at-commands/message.ts';
import { MAX_ANSWER_LINES } from './limits.ts';
import { ModemError } from './modem-error.ts';

/** How a command ended and what was said before that; a PDU is a `text` behind its `read` or `listed`. */
export type Answer = {
  readonly end: 'ok' | 'error' | { readonly of: 'cms' | 'cme'; readonly code: number | null };
  readonly said: readonly AtMessage[];
};

/** What the modem says by itself; `pdu` is the line behind a `direct`. */
export type Unsolicited = { readonly message: AtMessage; readonly pdu: string | null };

type Running = {
  readonly pdu: string | null;
  readonly said: AtMessage[];
  readonly settle: (answer: Answer) => void;
  readonly fail: (error: ModemError) => void;
};

/** Never the answer to anything that we ask: we never dial. */
const OF_A_CALL: ReadonlySet<Result> = new Set(['connect', 'no-carrier', 'no-dialtone', 'busy', 'no-answer']);

/** One opening of a line: a command at a time, with what the modem says by itself in between. */
export class AtSession {
  readonly #framer = new AtFramer();
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #onUnsolicited: (said: Unsolicited) => void;
  #running: Running | null = null;
  #droppedLines = 0;
  #direct: AtMessage | null = null;
  #isOver = false;

  constructor(write: (bytes: Uint8Array) => Promise<void>, onUnsolicited: (said: Unsolicited) => void) {
    this.#write = write;
    this.#onUnsolicited = onUnsolicited;
  }

  receive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    for (const frame of this.#framer.push(bytes)) this.#take(frame);
  }

  /** Lines that were too long, too many, or said while nothing was asked. */
  get droppedLines(): number {
    return this.#droppedLines;
  }

  /** The line is closed: what waits for an answer gets none. */
  close(): void {
    this.#isOver = true;
    this.#running?.fail(new ModemError('gone', 'the modem is gone'));
  }

  /**
   * One at a time: the caller awaits each. `pdu` is sent at the prompt. Rejects with `no-answer` or `gone`; that it was
   * refused is an answer.
   */
  async command(text: string, withinMs: number, pdu: string | null = null): Promise<Answer> {
    if (this.#isOver) throw new ModemError('gone', 'the modem is gone');
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const lateTimer = setTimeout(() => {
      reject(new ModemError('no-answer', `no answer to ${text.slice(0, 8)}`));
      // A PDU that is half told would swallow the next command.
      if (pdu !== null) this.#send(ESCAPE);
    }, withinMs);
    this.#running = { pdu, said: [], settle: resolve, fail: reject };
    try {
      this.#send(`${text}\r`);
      return await promise;
    } finally {
      clearTimeout(lateTimer);
      this.#running = null;
    }
  }

  /** Gives up a PDU that was begun in an earlier life. */
  escape(): void {
    this.#send(ESCAPE);
  }

  #send(text: string): void {
    this.#write(Buffer.from(text, 'latin1')).catch((error: unknown) => {
      this.#running?.fail(new ModemError('gone', 'the line takes nothing', { cause: error }));
    });
  }

  #take(frame: AtFrame): void {
    if (frame.kind === 'prompt') {
      const pdu = this.#running?.pdu;
      if (pdu !== null && pdu !== undefined) this.#send(pdu + CTRL_Z);
      return;
    }
    if (frame.kind === 'overlong') {
      this.#droppedLines += 1;
      return;
    }
    const message = decodeLine(frame.text);
    const direct = this.#direct;
    this.#direct = null;
    if (direct !== null && message.kind === 'text') {
      this.#onUnsolicited({ message: direct, pdu: message.text });
      return;
    }
    switch (message.kind) {
      case 'direct':
        this.#direct = message;
        return;
      case 'stored':
      case 'ring':
      case 'caller':
        this.#onUnsolicited({ message, pdu: null });
        return;
      case 'failure':
        this.#end({ of: message.of, code: message.code });
        return;
      case 'result':
        if (OF_A_CALL.has(message.result)) this.#onUnsolicited({ message, pdu: null });
        else this.#end(message.result === 'ok' ? 'ok' : 'error');
        return;
      default:
        if (this.#running !== null && this.#running.said.length < MAX_ANSWER_LINES) this.#running.said.push(message);
        else this.#droppedLines += 1;
    }
  }

  #end(end: Answer['end']): void {
    this.#running?.settle({ end, said: this.#running.said });
  }
}
