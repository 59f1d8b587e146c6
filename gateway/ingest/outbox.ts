import type { Logger } from 'pino';
import type { AlarmEvent, EventId } from '../../devices/event.ts';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import { RepeatGuard } from '../repeat-guard.ts';
import type { StreamAnswer } from './alarm-stream.ts';

export type OutboxStream = { readonly add: (event: AlarmEvent) => Promise<StreamAnswer> };

export type OutboxJournal = {
  readonly settle: (id: EventId) => void;
  readonly unsettled: () => AsyncIterable<AlarmEvent>;
  readonly all: () => AsyncIterable<AlarmEvent>;
};

export type OutboxOptions = {
  readonly stream: OutboxStream;
  readonly journal: OutboxJournal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called once for each alarm, when its first attempt has begun. */
  readonly onSent?: (event: AlarmEvent) => void;
  /** Called once for an alarm that Redis did not take at the first attempt. */
  readonly onUndelivered?: (event: AlarmEvent) => void;
  readonly maxBytes?: number;
};

/** An alarm that Redis has not answered. The journal's copy: under way, on disk, or failed. */
type Parcel = {
  readonly event: AlarmEvent;
  readonly bytes: number;
  readonly report: (answer: StreamAnswer) => void;
  journal: 'pending' | 'kept' | 'failed';
  isSending: boolean;
};

export type Backlog = {
  readonly waiting: number;
  readonly bytes: number;
  readonly isBehind: boolean;
  readonly oldest: EventId | null;
};

/** Beyond it alarms that lie in the journal are forgotten here and read again from there; chosen. */
const MAX_BYTES = 16 * 1024 * 1024;
/** How many are sent again at once: new alarms share the connection; chosen. */
const WINDOW = 32;
const EVENT_BYTES = 1024;

/**
 * Sees to it that Redis gets every alarm at least once, under the same ULID (dispatch drops a repeat). The first attempt is
 * made at once; what Redis did not answer is sent again when `resume` says that it can be talked to.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #maxBytes: number;
  readonly #parcels = new Map<EventId, Parcel>();
  readonly #lines: RepeatGuard;
  #bytes = 0;
  /** The journal may hold alarms that are neither here nor in Redis: so at start. */
  #isBehind = true;
  #resuming: Promise<void> | null = null;
  #isResumeAsked = false;
  #rereading: Promise<void> | null = null;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
    this.#lines = new RepeatGuard(options.clock);
  }

  send(event: AlarmEvent, report: (answer: StreamAnswer) => void): void {
    const parcel: Parcel = {
      event,
      bytes: EVENT_BYTES + event.raw.length,
      report,
      journal: 'pending',
      isSending: false,
    };
    this.#parcels.set(event.id, parcel);
    this.#bytes += parcel.bytes;
    void this.#attempt(parcel).then((isTaken) => {
      if (!isTaken) this.#tell(event, this.#options.onUndelivered);
    });
    this.#tell(event, this.#options.onSent);
  }

  journalled(id: EventId, isKept: boolean): void {
    const parcel = this.#parcels.get(id);
    if (parcel === undefined) return;
    parcel.journal = isKept ? 'kept' : 'failed';
    this.#forgetIfTooMuch(parcel);
  }

  /** Redis can be talked to: sends what it has not answered. Resolves when that is done or Redis fell silent again. */
  async resume(): Promise<void> {
    this.#isResumeAsked = true;
    this.#resuming ??= this.#resumeWhileAsked().finally(() => {
      this.#resuming = null;
    });
    await this.#resuming;
    await this.#rereading;
  }

  /** Sends all that the journal holds; false when it did not come to the end: begin again. */
  async sendAllAgain(): Promise<boolean> {
    return this.#sendFrom(this.#options.journal.all());
  }

  /** Alarms here that Redis has not answered, the oldest of them, and whether the journal may hold more. */
  backlog(): Backlog {
    const [oldest] = this.#parcels.keys();
    return { waiting: this.#parcels.size, bytes: this.#bytes, isBehind: this.#isBehind, oldest: oldest ?? null };
  }

  async #resumeWhileAsked(): Promise<void> {
    while (this.#isResumeAsked) {
      this.#isResumeAsked = false;
      if (await this.#sendWaiting()) this.#reread();
    }
  }

  /**
   * What only the journal has. Never waited for by what is in memory: a disk that hangs must not keep alarms from a Redis
   * that works.
   */
  #reread(): void {
    if (!this.#isBehind || this.#rereading !== null) return;
    this.#isBehind = false;
    this.#rereading = this.#sendFrom(this.#options.journal.unsettled()).then((isWhole) => {
      if (!isWhole) this.#isBehind = true;
      this.#rereading = null;
    });
  }

  async #sendWaiting(): Promise<boolean> {
    const waiting = [...this.#parcels.values()].filter((parcel) => !parcel.isSending);
    for (let at = 0; at < waiting.length; at += WINDOW) {
      const taken = await Promise.all(waiting.slice(at, at + WINDOW).map((parcel) => this.#attempt(parcel)));
      if (taken.includes(false)) return false;
    }
    return true;
  }

  async #sendFrom(events: AsyncIterable<AlarmEvent>): Promise<boolean> {
    let sent = 0;
    let window: AlarmEvent[] = [];
    const flush = async (): Promise<boolean> => {
      const taken = await Promise.all(window.map((event) => this.#sendStored(event)));
      sent += window.length;
      window = [];
      return !taken.includes(false);
    };
    try {
      for await (const event of events) {
        // What is here is sent from here.
        if (this.#parcels.has(event.id)) continue;
        window.push(event);
        if (window.length >= WINDOW && !(await flush())) return false;
      }
      const isTaken = await flush();
      if (sent > 0) this.#options.logger.info({ sent }, 'alarms sent again from the journal');
      return isTaken;
    } catch (error) {
      this.#log(errorCode(error), 'journal could not be read for sending again');
      return false;
    }
  }

  async #sendStored(event: AlarmEvent): Promise<boolean> {
    const answer = await this.#options.stream.add(event);
    if (answer.kind === 'silent') return false;
    this.#options.journal.settle(event.id);
    return true;
  }

  async #attempt(parcel: Parcel): Promise<boolean> {
    if (parcel.isSending) return true;
    parcel.isSending = true;
    const answer = await this.#options.stream.add(parcel.event);
    parcel.isSending = false;
    if (answer.kind === 'silent') {
      this.#log(answer.code, 'redis did not take an alarm');
      this.#forgetIfTooMuch(parcel);
    } else {
      this.#drop(parcel);
      this.#options.journal.settle(parcel.event.id);
    }
    parcel.report(answer);
    return answer.kind !== 'silent';
  }

  /**
   * An alarm whose journal copy is under way stays: the door bounds those. One that failed there was refused, and its device
   * tries again; it is kept as long as there is room, for it may still ring.
   */
  #forgetIfTooMuch(parcel: Parcel): void {
    if (this.#bytes <= this.#maxBytes || parcel.isSending || parcel.journal === 'pending') return;
    this.#drop(parcel);
    if (parcel.journal === 'kept') this.#isBehind = true;
    else this.#log('not-durable', 'refused alarm forgotten, too many wait');
  }

  #drop(parcel: Parcel): void {
    if (this.#parcels.delete(parcel.event.id)) this.#bytes -= parcel.bytes;
  }

  /** Whoever listens holds up nothing and fails for itself. */
  #tell(event: AlarmEvent, hook: ((event: AlarmEvent) => void) | undefined): void {
    try {
      hook?.(event);
    } catch (error) {
      this.#options.logger.error({ eventId: event.id, code: errorCode(error) }, 'a listener of the alarms failed');
    }
  }

  #log(code: string, line: string): void {
    const { waiting, bytes } = this.backlog();
    if (this.#lines.isNews(`${line} ${code}`)) this.#options.logger.warn({ code, waiting, bytes }, line);
  }
}
