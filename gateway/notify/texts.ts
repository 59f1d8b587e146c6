import type { Logger } from 'pino';
import { tailOf, type Receipt as TextReceipt, type TextMessage } from '../../devices/links/gsm/outgoing.ts';
import type { Sent } from '../../devices/links/gsm/send-queue.ts';
import type { Clock } from '../clock.ts';
import { faultWord } from '../incidents/store-silence.ts';
import type { IncidentRecord } from '../incidents/record.ts';
import type { Notifier } from './notifier.ts';

/** What can send an SMS. */
export type TextGateway = { readonly send: (message: TextMessage, signal: AbortSignal) => Promise<Sent> };

/** How long an answer to a text is awaited, and of how many people. Chosen. */
const AWAITED_MS = 24 * 60 * 60_000;
const MAX_AWAITED = 2048;
/** A report may be faster than the note that the text was sent; and Redis may be away. Chosen: about two minutes in all. */
const NOTE_AGAIN_MS = [1000, 2000, 5000, 15_000, 30_000, 60_000];

export type TextsDeps = {
  readonly receive: Notifier['receive'];
  readonly findOpen: (incidentId: string) => Pick<IncidentRecord, 'residentId'> | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** What modems and the SMS channel know of each other: who sends, who was sent something, what became of it. */
export class Texts {
  readonly #deps: TextsDeps;
  readonly #gateways: TextGateway[] = [];
  readonly #told = new Map<string, { readonly incidentId: string; readonly atMs: number }>();
  readonly #noteTimers = new Set<NodeJS.Timeout>();
  #isStopped = false;

  constructor(deps: TextsDeps) {
    this.#deps = deps;
  }

  add(gateway: TextGateway): void {
    this.#gateways.push(gateway);
  }

  get gateways(): readonly TextGateway[] {
    return this.#gateways;
  }

  /** Whoever has this number was told of that case. */
  noteTold(number: string, incidentId: string): void {
    const tail = tailOf(number);
    this.#told.delete(tail);
    this.#told.set(tail, { incidentId, atMs: this.#deps.clock.monoMs() });
    const [oldest] = this.#told.size > MAX_AWAITED ? this.#told.keys() : [];
    if (oldest !== undefined) this.#told.delete(oldest);
  }

  /**
   * What an answer from this number is about: a case that is still open, of which it was told within the last day. Null: there is
   * none. A gateway that has just started knows of none; then it rings.
   */
  awaited(number: string): Pick<IncidentRecord, 'residentId'> | null {
    const told = this.#told.get(tailOf(number));
    if (told === undefined || this.#deps.clock.monoMs() - told.atMs > AWAITED_MS) return null;
    return this.#deps.findOpen(told.incidentId) ?? null;
  }

  /** What became of a text, into the log of its case. */
  note(receipt: TextReceipt): void {
    this.#note(receipt, 0);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#noteTimers) clearTimeout(timer);
    this.#noteTimers.clear();
  }

  #note({ id, receipt }: TextReceipt, tries: number): void {
    const { receive, clock, logger } = this.#deps;
    const again = (code: string): void => {
      // Asked before the stop: a timer would keep the process.
      if (this.#isStopped) return;
      const pauseMs = NOTE_AGAIN_MS[tries];
      if (pauseMs === undefined) {
        logger.warn({ notificationId: id, code }, 'what became of an SMS could not be noted');
        return;
      }
      const noteTimer = setTimeout(() => {
        this.#noteTimers.delete(noteTimer);
        this.#note({ id, receipt }, tries + 1);
      }, pauseMs);
      this.#noteTimers.add(noteTimer);
    };
    receive(id, { kind: receipt, code: null, toldAt: null, at: clock.nowMs() }).then(
      (result) => {
        if (result === 'unknown') again('unknown');
      },
      (error: unknown) => again(faultWord(error)),
    );
  }
}
