import type { Logger } from 'pino';
import { AT } from '../../../protocols/at-commands/commands.ts';
import type { AtMessage, Slot } from '../../../protocols/at-commands/message.ts';
import { AtSession, type Unsolicited } from './at-session.ts';
import type { Inbox } from './inbox.ts';
import { DELETE_TRIES, type GsmLimits } from './limits.ts';
import { ModemError } from './modem-error.ts';
import { judgeRadio, UNKNOWN_RADIO, type RadioLook, type RadioState } from './radio.ts';
import type { SendQueue } from './send-queue.ts';
import { setUp, tellAgain } from './set-up.ts';

export type ModemDeps = {
  readonly memory: string;
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly inbox: Inbox;
  readonly outgoing: SendQueue;
  /** `RING`, `+CLIP`, the end of a call. */
  readonly onCall: (message: AtMessage) => void;
  readonly monoMs: () => number;
  readonly limits: GsmLimits;
  readonly logger: Logger;
  readonly name: string;
};

/**
 * Works with the modem behind one opening of a line, until it is closed: sets it up, then does what is most urgent, one command
 * at a time: read what was announced, delete what is durable, look at everything now and then, send.
 */
export class Modem {
  readonly #deps: ModemDeps;
  readonly #session: AtSession;
  #announced: Slot[] = [];
  #done: { readonly slot: Slot; readonly tries: number }[] = [];
  /** Where messages are kept, and from where is read now. */
  #home: string;
  #memory: string;
  #listAtMs = 0;
  #lookAtMs = 0;
  #isClosed = false;
  #hasNews = false;
  #wake: (() => void) | null = null;
  #radio: RadioState = UNKNOWN_RADIO;
  #fault: string | null = 'starting';

  constructor(deps: ModemDeps) {
    this.#deps = deps;
    this.#home = deps.memory;
    this.#memory = deps.memory;
    this.#session = new AtSession(deps.write, (said) => this.#hear(said));
  }

  receive(bytes: Uint8Array): void {
    this.#session.receive(bytes);
  }

  /** Null: it works. */
  get fault(): string | null {
    return this.#fault;
  }

  get radio(): RadioState {
    return this.#radio;
  }

  get droppedLines(): number {
    return this.#session.droppedLines;
  }

  /** Ends with the line; never rejects. */
  async run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        this.#begin(await setUp(this.#session, this.#deps.memory, this.#deps.limits));
        await this.#list();
        this.#setFault(null);
        while (!this.#isClosed) await this.#doNext();
      } catch (error) {
        if (this.#isClosed) return;
        this.#setFault(error instanceof ModemError ? error.code : 'failed', error);
        await this.#sleep(this.#deps.monoMs() + this.#deps.limits.retryMs, false);
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#session.close();
    this.nudge();
  }

  /** What lies there is durable. */
  delete(slot: Slot): void {
    this.#done.push({ slot, tries: 0 });
    this.nudge();
  }

  /** Nothing kept what was read: all is read again, a little later. */
  readAgain(): void {
    this.#listAtMs = Math.min(this.#listAtMs, this.#deps.monoMs() + this.#deps.limits.retryMs);
    this.nudge();
  }

  /** There is something to do. */
  nudge(): void {
    this.#hasNews = true;
    this.#wake?.();
  }

  /** Behind a modem that was set up anew may be another card: what is known of slots counts no more, all is read. */
  #begin(home: string): void {
    this.#announced = [];
    this.#done = [];
    this.#home = home;
    this.#memory = home;
    this.#deps.inbox.begin();
  }

  #setFault(fault: string | null, error?: unknown): void {
    const { logger, name } = this.#deps;
    if (fault !== this.#fault) {
      if (fault === null) logger.info({ line: name }, 'modem works');
      else logger.warn({ line: name, code: fault, err: error }, 'modem does not work, it is tried again');
    }
    this.#fault = fault;
  }

  #hear({ message, pdu }: Unsolicited): void {
    if (message.kind === 'stored') {
      this.#announced.push(message.slot);
      this.nudge();
    } else if (message.kind === 'direct') {
      this.#deps.inbox.take(null, pdu ?? '', message.octets, this.#deps.monoMs());
    } else this.#deps.onCall(message);
  }

  async #doNext(): Promise<void> {
    const { monoMs, outgoing, limits } = this.#deps;
    this.#hasNews = false;
    const slot = this.#announced.shift();
    if (slot !== undefined) return this.#read(slot);
    const nowMs = monoMs();
    if (nowMs >= this.#listAtMs) return this.#list();
    const done = this.#done.shift();
    if (done !== undefined) return this.#remove(done.slot, done.tries);
    if (nowMs >= this.#lookAtMs) return this.#look();
    if (await outgoing.sendOne((text, pdu) => this.#session.command(text, limits.sendMs, pdu))) return;
    if (!this.#hasNews) await this.#sleep(Math.min(this.#listAtMs, this.#lookAtMs), true);
  }

  async #read(slot: Slot): Promise<void> {
    await this.#use(slot.memory);
    const { said } = await this.#session.command(AT.read(slot.index), this.#deps.limits.answerMs);
    const at = said.findIndex(({ kind }) => kind === 'read');
    const head = said[at];
    // Nothing lies there: it was deleted meanwhile.
    if (head?.kind !== 'read') return;
    this.#take(slot, said[at + 1], head.octets);
  }

  /** All that is stored, whether it was announced or not. */
  async #list(): Promise<void> {
    const { monoMs, limits } = this.#deps;
    const memory = this.#home;
    this.#listAtMs = monoMs() + limits.lookEveryMs;
    await this.#use(memory);
    const { end, said } = await this.#session.command(AT.listAll, limits.storageMs);
    said.forEach((message, i) => {
      if (message.kind !== 'listed') return;
      const slot = { memory, index: message.index };
      // 2 and 3: what somebody once sent from this card takes room and says nothing.
      if (message.status >= 2) this.#done.push({ slot, tries: 0 });
      else this.#take(slot, said[i + 1], message.octets);
    });
    // It may be in another mode, or have no card: what lies there would never be read, and nobody would know.
    if (end !== 'ok') throw new ModemError('refused', 'the modem does not list what it holds');
  }

  /** `behind`: what was said behind its head: the PDU, where nothing was lost on the way. */
  #take(slot: Slot, behind: AtMessage | undefined, octets: number): void {
    const hex = behind?.kind === 'text' ? behind.text : '';
    if (this.#deps.inbox.take(slot, hex, octets, this.#deps.monoMs()) === 'again') this.#announced.push(slot);
  }

  async #remove(slot: Slot, tries: number): Promise<void> {
    await this.#use(slot.memory);
    const { end } = await this.#session.command(AT.remove(slot.index), this.#deps.limits.storageMs);
    if (end === 'ok') this.#deps.inbox.deleted(slot);
    else if (tries + 1 < DELETE_TRIES) this.#done.push({ slot, tries: tries + 1 });
    else this.#deps.logger.error({ line: this.#deps.name, slot: slot.index }, 'modem does not delete a message');
  }

  async #use(memory: string): Promise<void> {
    if (memory === this.#memory) return;
    await this.#session.command(AT.useMemory(memory), this.#deps.limits.answerMs);
    this.#memory = memory;
  }

  async #look(): Promise<void> {
    const { monoMs, limits, memory } = this.#deps;
    this.#lookAtMs = monoMs() + limits.lookEveryMs;
    this.#home = await tellAgain(this.#session, memory, limits);
    this.#memory = this.#home;
    const said: AtMessage[] = [];
    for (const command of [AT.signal, AT.registration, AT.storage]) {
      said.push(...(await this.#session.command(command, limits.answerMs)).said);
    }
    const find = <K extends AtMessage['kind']>(kind: K) =>
      said.find((message): message is Extract<AtMessage, { kind: K }> => message.kind === kind);
    const look: RadioLook = {
      signal: find('signal')?.level ?? null,
      registration: find('registration')?.registration ?? null,
      storage: find('storage') ?? null,
    };
    this.#radio = judgeRadio(this.#radio, look, monoMs());
  }

  /** Until then, or until something is to be done. */
  async #sleep(untilMs: number, canWake: boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wakeTimer = setTimeout(resolve, Math.max(0, untilMs - this.#deps.monoMs()));
    this.#wake = () => {
      if (canWake || this.#isClosed) resolve();
    };
    await promise;
    clearTimeout(wakeTimer);
    this.#wake = null;
  }
}
