import type { Clock } from '../../clock.ts';
import type { SystemAlarms, SystemFacts } from '../system-alarms.ts';

/** A loss counts as over after so long without. Chosen. */
export const LOSS_IS_OVER_MS = 60_000;
/** A spool that holds less than this share of its bound has room. Chosen: what makes room at the bound takes far less at once. */
const ROOM_SHARE = 1 / 2;

/** Whether it will be long until readings are shed. At the bound room is made for minutes, and nothing is lost until it is full again. */
export function hasRoom({
  spoolBytes,
  boundBytes,
}: {
  readonly spoolBytes: number;
  readonly boundBytes: number;
}): boolean {
  return spoolBytes < ROOM_SHARE * boundBytes;
}

/** One incident while something is lost, closed when nothing was for a minute and nothing is about to be. */
export class LossAlarm {
  readonly #code: string;
  readonly #alarms: Pick<SystemAlarms, 'raise' | 'restore'>;
  readonly #clock: Pick<Clock, 'monoMs'>;
  #seen = 0;
  #lostMonoMs = -Infinity;

  constructor(code: string, alarms: Pick<SystemAlarms, 'raise' | 'restore'>, clock: Pick<Clock, 'monoMs'>) {
    this.#code = code;
    this.#alarms = alarms;
    this.#clock = clock;
  }

  /** `total`: lost since the start of the gateway; `mayEnd`: no more is about to be lost. */
  look(total: number, facts: SystemFacts, mayEnd = true): void {
    if (total > this.#seen) {
      this.#seen = total;
      this.#lostMonoMs = this.#clock.monoMs();
      this.#alarms.raise(this.#code, facts);
    } else if (mayEnd && this.agoMs() >= LOSS_IS_OVER_MS) {
      this.#alarms.restore(this.#code, facts);
    }
  }

  /** How long ago something was lost last. */
  agoMs(): number {
    return this.#clock.monoMs() - this.#lostMonoMs;
  }
}
