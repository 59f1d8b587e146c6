import type { Reading } from '../../reading.ts';
import type { VitalsDoor } from '../ports.ts';

type Bounds = { readonly vitalsBytesPerConnection: number; readonly vitalsBytes: number };

/** Closures, promises and the readings of one message, beside its bytes. Chosen. */
const OVERHEAD_BYTES = 1024;

/**
 * Vital signs on their way to the disk, bounded for a connection and for all, apart from the alarms' bound (`in-flight.ts`): a
 * connection is always read on, however many of them wait, because an alarm may come behind them. What has no room is
 * acknowledged and dropped.
 */
export class VitalsLane {
  readonly #door: VitalsDoor;
  readonly #bounds: Bounds;
  /** By whatever stands for a connection. */
  readonly #waiting = new WeakMap<object, number>();
  #totalBytes = 0;

  constructor(door: VitalsDoor, bounds: Bounds) {
    this.#door = door;
    this.#bounds = bounds;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Asked before the payload is read. One message always has room on its connection. */
  hasRoom(connection: object): boolean {
    const waiting = this.#waiting.get(connection) ?? 0;
    if (waiting < this.#bounds.vitalsBytesPerConnection && this.#totalBytes < this.#bounds.vitalsBytes) return true;
    this.#door.refuse();
    return false;
  }

  /** Settles when the message may be acknowledged; undefined: at once. */
  accept(
    connection: object,
    message: { readonly deviceId: string; readonly readings: readonly Reading[]; readonly receivedAt: number },
    payloadBytes: number,
  ): Promise<void> | undefined {
    const { deviceId, readings, receivedAt } = message;
    const settled = this.#door.accept(deviceId, readings, receivedAt);
    if (settled === undefined) return undefined;
    const bytes = payloadBytes + OVERHEAD_BYTES;
    this.#move(connection, bytes);
    return settled.finally(() => this.#move(connection, -bytes));
  }

  #move(connection: object, bytes: number): void {
    this.#waiting.set(connection, (this.#waiting.get(connection) ?? 0) + bytes);
    this.#totalBytes += bytes;
  }
}
