import type { Logger } from 'pino';
import type { ContactSink, FrameTrace, Sender, TracedFrame } from './ports.ts';
import { tellSafely } from './tell-safely.ts';
import { isWorthALine } from './worth-a-line.ts';

type FrameNotesDeps = {
  readonly name: string;
  readonly contacts: ContactSink;
  readonly trace?: FrameTrace | undefined;
  readonly logger: Logger;
};

/** What is told of frames beside their way: log, trace, signs of life. */
export class FrameNotes {
  readonly #deps: FrameNotesDeps;

  constructor(deps: FrameNotesDeps) {
    this.#deps = deps;
  }

  bad(count: number, reason: string, deviceId?: string): void {
    if (!isWorthALine(count)) return;
    const { logger, name } = this.#deps;
    logger.warn({ link: name, reason, count, ...(deviceId === undefined ? {} : { deviceId }) }, 'bad frame');
  }

  failed(error: unknown): void {
    this.#deps.logger.error({ err: error, link: this.#deps.name }, 'a frame could not be handled');
  }

  trace(frame: Omit<TracedFrame, 'link'>): void {
    this.#safely(() => this.#deps.trace?.frame({ link: this.#deps.name, ...frame }));
  }

  /** Who does not prove itself was refused as a sign of life; a known one of them is a technical incident (design §7). */
  contact({ deviceId, standing }: Sender): void {
    const { contacts } = this.#deps;
    this.#safely(() =>
      standing === 'verified' ? contacts.heard(deviceId, standing) : contacts.connected(deviceId, standing),
    );
  }

  #safely(call: () => void): void {
    tellSafely(this.#deps.name, this.#deps.logger, call);
  }
}
