import type { Clock } from '../clock.ts';
import { MINUTE_TYPE, type MinuteData } from './audit-entry.ts';
import type { AuditTrail } from './audit-trail.ts';

const SAMPLE_MS = 1000;
const MINUTE_MS = 60_000;

/** How the gateway is now. */
export type GatewayState = {
  /** Names of checks that are not ok. */
  readonly faults: readonly string[];
  /** How late the most overdue deadline is, milliseconds. */
  readonly latenessMs: number;
};

/** One minute as it was seen, a sample a second. Pure bookkeeping. */
export class MinuteSum {
  readonly minute: number;
  #samples = 0;
  #latenessMs = 0;
  readonly #faults = new Set<string>();

  constructor(minute: number) {
    this.minute = minute;
  }

  add({ faults, latenessMs }: GatewayState): void {
    this.#samples += 1;
    this.#latenessMs = Math.max(this.#latenessMs, latenessMs);
    for (const fault of faults) this.#faults.add(fault);
  }

  read(gatewayId: string): MinuteData {
    return {
      gatewayId,
      minute: this.minute,
      upS: Math.min(60, this.#samples),
      degraded: this.#faults.size > 0,
      latenessMs: Math.round(this.#latenessMs),
      faults: [...this.#faults].toSorted(),
    };
  }
}

/** Notes each minute of this gateway in the audit chain: that it was up, whether degraded, how late its deadlines were. */
export function createMinutes(deps: {
  readonly gatewayId: string;
  readonly look: () => GatewayState;
  readonly trail: Pick<AuditTrail, 'note'>;
  readonly clock: Clock;
}): { readonly start: () => void; readonly stop: () => void } {
  const { gatewayId, look, trail, clock } = deps;
  let sampleTimer: NodeJS.Timeout | null = null;
  let sum: MinuteSum | null = null;

  function end(): void {
    if (sum !== null) trail.note(MINUTE_TYPE, `gateway:${gatewayId}`, sum.read(gatewayId));
    sum = null;
  }

  function sample(): void {
    const minute = Math.floor(clock.nowMs() / MINUTE_MS) * MINUTE_MS;
    if (sum !== null && sum.minute !== minute) end();
    sum ??= new MinuteSum(minute);
    sum.add(look());
  }

  return {
    start: () => {
      sampleTimer ??= setInterval(sample, SAMPLE_MS);
    },
    stop: () => {
      if (sampleTimer !== null) clearInterval(sampleTimer);
      sampleTimer = null;
      end();
    },
  };
}
