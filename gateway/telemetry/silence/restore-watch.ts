import type { OpenIncident } from '../../incidents/record.ts';

/** What was to close a case and has not is sent again no sooner. Chosen. */
const AGAIN_MS = 60_000;

/**
 * Since when each open case of a silent device is known here: a sign of life from then on is over it. Monotonic, because clocks on
 * the wall may jump. What is open at the first look was raised before, so any sign of life of this process came after it.
 */
export class RestoreWatch {
  readonly #known = new Map<string, { readonly sinceMono: number; sentMono: number }>();
  #lookedMono = -Infinity;

  /** The open cases of silent devices. */
  look(nowMono: number, open: readonly OpenIncident[]): readonly OpenIncident[] {
    const cases = open.filter(({ type, deviceId }) => type === 'silent' && deviceId !== null);
    const ids = new Set<string>(cases.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    for (const id of ids) {
      if (!this.#known.has(id)) this.#known.set(id, { sinceMono: this.#lookedMono, sentMono: -Infinity });
    }
    this.#lookedMono = nowMono;
    return cases;
  }

  isHeardSince(incidentId: string, heardMono: number | null): boolean {
    const known = this.#known.get(incidentId);
    return known !== undefined && heardMono !== null && heardMono > known.sinceMono;
  }

  mayRestore(incidentId: string, nowMono: number): boolean {
    const known = this.#known.get(incidentId);
    if (known === undefined || nowMono - known.sentMono < AGAIN_MS) return false;
    known.sentMono = nowMono;
    return true;
  }
}
