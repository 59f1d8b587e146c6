import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AlarmEvent } from '../event.ts';
import type { AlarmDoor, Arrival } from './ports.ts';
import type { Account, InFlight } from './in-flight.ts';
import { settledWithin } from './settled.ts';

/** Who tries again when an alarm could not be made durable: a sender that waits for an acknowledgement, else we. */
export type Repeats = 'sender-repeats' | 'we-repeat';

/** Grows each time the door kept none of an alarm. */
export type AlarmLaneCounters = { alarmsNotDurable: number };

/** Chosen: QoS 0, wills and telephone calls are alarms like any other (design §4), but nobody sends them twice. */
const RETRY_DELAYS_MS = [100, 500, 2_000, 5_000, 15_000, 30_000, 60_000, 60_000, 60_000, 60_000];

/** Hands alarms to the door and accounts for those that wait there. */
export class AlarmLane {
  readonly #door: AlarmDoor;
  readonly #inFlight: InFlight;
  readonly #counters: AlarmLaneCounters;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  readonly #waiting = new Set<Promise<AlarmEvent>>();

  constructor(door: AlarmDoor, inFlight: InFlight, counters: AlarmLaneCounters, logger: Logger) {
    this.#door = door;
    this.#inFlight = inFlight;
    this.#counters = counters;
    this.#logger = logger;
  }

  /** Resolves when the alarm is durable; rejects when it is not and must not be acknowledged. */
  accept(arrival: Arrival, account: Account, repeats: Repeats): Promise<AlarmEvent> {
    this.#inFlight.take(account, arrival.raw.length);
    const settled = this.#untilDurable(arrival, repeats === 'we-repeat' ? RETRY_DELAYS_MS : []);
    this.#waiting.add(settled);
    const finish = (): void => {
      this.#waiting.delete(settled);
      this.#inFlight.give(account, arrival.raw.length);
    };
    // Behind the caller's own continuation: the acknowledgement is written before the room is given back.
    settled.then(
      () => setImmediate(finish),
      () => setImmediate(finish),
    );
    return settled;
  }

  /** Ends the repeating and waits, at most so long, for what is at the door. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    // What became of each its sender is told: an acknowledgement, or none.
    await settledWithin(graceMs, [...this.#waiting]);
    // The acknowledgements are written in the turn in which the promises settle.
    await nextTurn();
  }

  async #untilDurable(arrival: Arrival, retryDelaysMs: readonly number[]): Promise<AlarmEvent> {
    for (let retry = 0; ; retry += 1) {
      const retryDelayMs = retryDelaysMs[retry];
      try {
        return await this.#door.accept(arrival);
      } catch (error) {
        this.#counters.alarmsNotDurable += 1;
        this.#logger.error(
          { err: error, deviceId: arrival.deviceId, retryDelayMs },
          'alarm is not durable, no acknowledgement',
        );
        if (retryDelayMs === undefined || this.#stopping.signal.aborted) throw error;
      }
      await delay(retryDelayMs, undefined, { signal: this.#stopping.signal });
    }
  }
}
