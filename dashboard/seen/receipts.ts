import type { ActionBody } from '../../gateway/api/contract/actions.ts';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { Api } from '../api/client.ts';
import { QuietLane } from './lane.ts';
import { keyOfRing, planReceipts, type Ring } from './plan.ts';

export type ReceiptDeps = {
  readonly api: Pick<Api, 'act' | 'idle'>;
  readonly newKey: () => string;
  /** Gateway's clock, epoch milliseconds. */
  readonly nowMs: () => number;
  readonly heardAt: (incidentId: string) => number;
  /** Whether the alarm of this incident sounds audibly now, as far as the browser knows. */
  readonly isSounding: (incidentId: string) => boolean;
  /** Runs at the next painted frame; null when the window is hidden and paints none. */
  readonly nextFrame: ((run: () => void) => void) | null;
};

/** Keeps the memory of a long shift small. */
const REMEMBERED = 2000;

/**
 * Tells the gateway when this console received, painted and sounded a ring: later the answer to "we pressed and nobody
 * came". A receipt that fails is evidence lost, not an alarm lost; it is not sent again and shown to nobody.
 */
export class Receipts {
  readonly #confirmed = new Set<string>();
  readonly #lane = new QuietLane();

  /** To be called after the rows have been committed to the document. */
  shown(incidents: Iterable<Incident>, deps: ReceiptDeps): void {
    const rings = planReceipts(incidents, this.#confirmed);
    if (rings.length === 0) return;
    for (const ring of rings) this.#remember(keyOfRing(ring));
    if (deps.nextFrame === null) this.#send(rings, null, deps);
    else deps.nextFrame(() => this.#send(rings, deps.nowMs(), deps));
  }

  #send(rings: readonly Ring[], paintedMs: number | null, deps: ReceiptDeps): void {
    for (const { incidentId } of rings) {
      const soundedMs = deps.isSounding(incidentId) ? deps.nowMs() : null;
      const body: ActionBody<'seen'> = {
        received: toIso(deps.heardAt(incidentId)),
        ...(paintedMs === null ? {} : { painted: toIso(paintedMs) }),
        ...(soundedMs === null ? {} : { sounded: toIso(soundedMs) }),
      };
      this.#lane.push(() => deps.api.act(incidentId, 'seen', body, deps.newKey()), deps.api.idle);
    }
  }

  #remember(key: string): void {
    this.#confirmed.add(key);
    const oldest = this.#confirmed.values().next().value;
    if (this.#confirmed.size > REMEMBERED && oldest !== undefined) this.#confirmed.delete(oldest);
  }
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
