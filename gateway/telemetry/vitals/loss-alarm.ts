import type { Clock } from '../../clock.ts';
import type { SystemAlarms, SystemFacts } from '../system-alarms.ts';

/** A loss counts as over after so long without. Chosen. */
export const LOSS_IS_OVER_MS = 60_000;

/** One incident while something is lost, closed when nothing was for a minute. */
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

  /** `total`: lost since the start of the gateway. */
  look(total: number, facts: SystemFacts): void {
    if (total > this.#seen) {
      this.#seen = total;
      this.#lostMonoMs = this.#clock.monoMs();
      this.#alarms.raise(this.#code, facts);
    } else if (this.agoMs() >= LOSS_IS_OVER_MS) {
      this.#alarms.restore(this.#code, facts);
    }
  }

  /** How long ago something was lost last. */
  agoMs(): number {
    return this.#clock.monoMs() - this.#lostMonoMs;
  }
}
