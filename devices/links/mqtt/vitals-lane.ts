import { decodeVitals } from '../../../protocols/mqtt-json/decode-vitals.ts';
import { readingsOfMqttJson } from '../../meaning/mqtt-json-vitals.ts';
import type { ContactSink, Later, VitalsDoor, WallClock } from '../ports.ts';
import type { MqttCounters } from './counters.ts';
import type { Notes } from './notes.ts';
import type { Session } from './session.ts';

export type VitalsLaneOptions = {
  /** Without it vital signs are acknowledged and forgotten. */
  readonly door: VitalsDoor | undefined;
  readonly bounds: { readonly vitalsBytesPerConnection: number; readonly vitalsBytes: number };
  readonly contacts: Pick<ContactSink, 'heard'>;
  readonly counters: MqttCounters;
  readonly notes: Notes;
  readonly clock: WallClock;
  readonly later: Later;
};

/** Closures and the readings of one message, beside its bytes. Chosen. */
const OVERHEAD_BYTES = 1024;

/**
 * Vital signs on their way to the disk. To take one costs next to nothing: to read it is left for later, so that an alarm which
 * came in the same moment never stands behind hundreds of them. Bounded for a connection and for all, apart from the alarms'
 * bound (`in-flight.ts`): a connection is always read on, however many of them wait, because an alarm may come behind them. What
 * has no room is acknowledged and dropped.
 */
export class VitalsLane {
  readonly #options: VitalsLaneOptions;
  #totalBytes = 0;

  constructor(options: VitalsLaneOptions) {
    this.#options = options;
  }

  /** Calls back once, when the message may be acknowledged. Never throws. */
  take(session: Session, payload: Buffer, whenDone: () => void): void {
    const { counters, door, clock, later } = this.#options;
    counters.vitals += 1;
    if (!this.#hasRoom(session)) {
      counters.vitalsDropped += 1;
      door?.refuse();
      whenDone();
      return;
    }
    const bytes = payload.length + OVERHEAD_BYTES;
    this.#move(session, bytes);
    // A copy: the view would hold all that was read with it.
    const kept = Buffer.from(payload);
    const receivedAt = clock.nowMs();
    const done = (): void => {
      this.#move(session, -bytes);
      whenDone();
    };
    later(() => this.#read(session, kept, receivedAt, done));
  }

  #read(session: Session, payload: Buffer, receivedAt: number, done: () => void): void {
    const { contacts, door, notes } = this.#options;
    const { claimedId, standing } = session;
    // Verified devices have one.
    if (claimedId === undefined) return done();
    notes.tell(() => contacts.heard(claimedId, standing));
    const decoded = decodeVitals(payload);
    if (decoded.faults.length > 0) notes.bad(session, 'vitals', decoded.faults);
    if (!decoded.ok || door === undefined) return done();
    try {
      door.accept(claimedId, readingsOfMqttJson(decoded.value), receivedAt, done);
    } catch (error) {
      notes.failed(error);
      done();
    }
  }

  /** One message always has room on its connection. */
  #hasRoom({ vitalsBytes }: Session): boolean {
    const { bounds } = this.#options;
    return vitalsBytes < bounds.vitalsBytesPerConnection && this.#totalBytes < bounds.vitalsBytes;
  }

  #move(session: Session, bytes: number): void {
    session.vitalsBytes += bytes;
    this.#totalBytes += bytes;
  }
}
