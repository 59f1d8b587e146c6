import type { Logger } from 'pino';
import type { MqttFault } from '../../../protocols/mqtt-json/message.ts';
import type { MqttCounters } from './counters.ts';
import type { Session } from './session.ts';

/** What is said of messages that are dropped or bad: the first of a kind on a connection is a line, the rest a number at its end. */
export class Notes {
  readonly #counters: MqttCounters;
  readonly #logger: Logger;

  constructor(counters: MqttCounters, logger: Logger) {
    this.#counters = counters;
    this.#logger = logger;
  }

  dropped(session: Session, reason: string): void {
    this.#counters.dropped += 1;
    this.#note(session, reason, { reason });
  }

  bad(session: Session, subtopic: string, faults: readonly MqttFault[]): void {
    this.#counters.badPayloads += 1;
    this.#note(session, `bad-${subtopic}`, { subtopic, faults: faults.slice(0, 5), faultCount: faults.length });
  }

  /** A listener that fails costs its own message, never the device's. */
  tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.failed(error);
    }
  }

  failed(error: unknown): void {
    this.#logger.error({ err: error }, 'listener of the MQTT link failed');
  }

  #note(session: Session, kind: string, fields: object): void {
    const count = (session.dropped.get(kind) ?? 0) + 1;
    session.dropped.set(kind, count);
    if (count > 1) return;
    this.#logger.warn({ deviceId: session.claimedId, standing: session.standing, ...fields }, 'message dropped or bad');
  }
}
