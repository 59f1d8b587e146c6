import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { KeptThread } from '../../kept-thread.ts';
import { RepeatGuard } from '../../repeat-guard.ts';
import type { FromVitals, ToVitals, VitalsSetup, VitalsState } from './messages.ts';
import { packPayloads } from './payloads.ts';
import type { VitalsSettings } from './settings.ts';

const STOP_DEADLINE_MS = 10_000;
/** Most bytes that one fsync makes durable; chosen. */
const MOST_BATCH_BYTES = 1024 * 1024;
/** How often it is looked whether something has waited for too long. */
const LATE_LOOK_MS = 500;

/** `kept`: durable. `given-up`: nobody kept it, or not in time. */
export type Outcome = 'kept' | 'given-up';

/** Messages that become durable, or do not, together. */
type Group = {
  readonly payloads: Buffer[];
  bytes: number;
  readonly sinceMs: number;
  /** Empty once they were told. */
  whenSettled: ((outcome: Outcome) => void)[];
};

export type HostState = {
  readonly isRunning: boolean;
  readonly queuedBytes: number;
  readonly oldestWaitMs: number;
  readonly lastFsyncMs: number | null;
  readonly thread: VitalsState | null;
};

export type HostOptions = {
  readonly setup: VitalsSetup;
  readonly settings: Pick<VitalsSettings, 'queuedBytes' | 'waitMs'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The thread's code; a parameter so that a test can give one that dies. */
  readonly workerModule: URL;
  readonly onState: (state: VitalsState) => void;
};

/**
 * The main thread's end of the vitals' thread. One group is on its way at a time and all that comes meanwhile is the next one, so
 * that an fsync is shared by as many messages as came during the one before.
 */
export class VitalsHost {
  readonly #options: HostOptions;
  readonly #notices: RepeatGuard;
  readonly #thread: KeptThread<ToVitals, FromVitals>;
  /** In order; the first is on its way while `#request` is set. */
  #groups: Group[] = [];
  #request: number | null = null;
  #lastRequest = 0;
  #queuedBytes = 0;
  #isSendDue = false;
  #lateTimer: NodeJS.Timeout | null = null;
  #lastFsyncMs: number | null = null;
  #state: VitalsState | null = null;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#notices = new RepeatGuard(options.clock);
    this.#thread = new KeptThread({
      what: 'vitals',
      module: options.workerModule,
      setup: options.setup,
      stopMs: STOP_DEADLINE_MS,
      onStarted: () => this.#send(),
      onMessage: (message) => this.#receive(message),
      onEnded: () => this.#waitForNext(),
      logger: options.logger,
    });
  }

  start(): Promise<void> {
    this.#lateTimer ??= setInterval(() => this.#giveUpLate(), LATE_LOOK_MS);
    return this.#thread.start();
  }

  /** The batch under way is finished, within a deadline; what is not on disk by then is given up. */
  async stop(): Promise<void> {
    if (!this.#thread.isWanted) return;
    if (this.#lateTimer !== null) clearInterval(this.#lateTimer);
    this.#lateTimer = null;
    await this.#thread.stop();
    for (const group of this.#groups.splice(0)) this.#settle(group, 'given-up');
  }

  /** Calls back once. False when too much waits for the disk: nothing was taken. `whenSettled` must not throw. */
  append(payloads: readonly Buffer[], whenSettled: (outcome: Outcome) => void): boolean {
    let bytes = 0;
    for (const payload of payloads) bytes += payload.length;
    if (!this.#thread.isWanted || this.#queuedBytes + bytes > this.#options.settings.queuedBytes) return false;
    const group = this.#gathering(bytes);
    for (const payload of payloads) group.payloads.push(payload);
    group.bytes += bytes;
    group.whenSettled.push(whenSettled);
    this.#queuedBytes += bytes;
    this.#sendSoon();
    return true;
  }

  /** Calls back when all that was taken so far is settled; at once when it is. */
  afterAll(whenSettled: () => void): void {
    const last = this.#groups.at(-1);
    if (last === undefined || last.whenSettled.length === 0) whenSettled();
    else last.whenSettled.push(whenSettled);
  }

  state(): HostState {
    const [oldest] = this.#groups;
    return {
      isRunning: this.#thread.isRunning,
      queuedBytes: this.#queuedBytes,
      oldestWaitMs: oldest === undefined ? 0 : this.#options.clock.monoMs() - oldest.sinceMs,
      lastFsyncMs: this.#lastFsyncMs,
      thread: this.#state,
    };
  }

  /** The last group, unless it is on its way or full. */
  #gathering(bytes: number): Group {
    const last = this.#groups.at(-1);
    const isOnItsWay = this.#groups.length === 1 && this.#request !== null;
    if (last !== undefined && !isOnItsWay && last.bytes + bytes <= MOST_BATCH_BYTES) return last;
    const group: Group = { payloads: [], bytes: 0, sinceMs: this.#options.clock.monoMs(), whenSettled: [] };
    this.#groups.push(group);
    return group;
  }

  /** Not at once: what comes in this turn of the event loop goes together. */
  #sendSoon(): void {
    if (this.#isSendDue) return;
    this.#isSendDue = true;
    setImmediate(() => {
      this.#isSendDue = false;
      this.#send();
    });
  }

  #send(): void {
    const [group] = this.#groups;
    if (group === undefined || this.#request !== null || !this.#thread.isRunning) return;
    this.#lastRequest += 1;
    this.#request = this.#lastRequest;
    const bytes = packPayloads(group.payloads);
    // Moved, not copied; the payloads stay here until they are durable, for a thread that dies meanwhile.
    this.#thread.post({ kind: 'append', request: this.#request, bytes }, [bytes.buffer]);
  }

  #answered(request: number, outcome: Outcome): void {
    if (request !== this.#request) return;
    this.#request = null;
    const group = this.#groups.shift();
    if (group !== undefined) this.#settle(group, outcome);
    this.#send();
  }

  #settle(group: Group, outcome: Outcome): void {
    this.#queuedBytes -= group.bytes;
    tell(group, outcome);
  }

  /** The group on its way stays in its place, so that its answer is known as its own; what waits behind it goes. */
  #giveUpLate(): void {
    const nowMs = this.#options.clock.monoMs();
    const onItsWay = this.#request === null ? undefined : this.#groups[0];
    const isLate = (group: Group): boolean => nowMs - group.sinceMs > this.#options.settings.waitMs;
    for (const group of this.#groups.filter(isLate)) {
      if (group === onItsWay) tell(group, 'given-up');
      else this.#settle(group, 'given-up');
    }
    this.#groups = this.#groups.filter((group) => group === onItsWay || !isLate(group));
  }

  /** What was on its way goes once more to the next thread: twice in the spool is once in the table. */
  #waitForNext(): number {
    this.#request = null;
    this.#state = null;
    return this.#groups.length;
  }

  #receive(message: FromVitals): void {
    switch (message.kind) {
      case 'durable':
        this.#lastFsyncMs = message.fsyncMs;
        this.#answered(message.request, 'kept');
        break;
      case 'refused':
        if (this.#notices.isNews(message.code)) {
          this.#options.logger.error({ code: message.code }, 'vitals were refused by the disk');
        }
        this.#answered(message.request, 'given-up');
        break;
      case 'notice':
        if (this.#notices.isNews(`${message.code} ${message.cause}`)) {
          this.#options.logger.error({ code: message.code, cause: message.cause }, 'vitals notice');
        }
        break;
      case 'state':
        this.#state = message.state;
        this.#options.onState(message.state);
        break;
      case 'stopped':
        break;
    }
  }
}

function tell(group: Group, outcome: Outcome): void {
  const waiting = group.whenSettled;
  group.whenSettled = [];
  for (const whenSettled of waiting) whenSettled(outcome);
}
