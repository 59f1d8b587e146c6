import type { TracedFrame } from '../../devices/links/ports.ts';

/** One of them is kept an hour, of each device and link; chosen: a thousand panels that are polled each minute are 1 GB a day. */
const EVERY_MS = 3_600_000;
/** So many senders are remembered; beyond it all are forgotten, and the next sign of each is kept. Chosen. */
const MAX_SENDERS = 100_000;

type Known = { keptMs: number; isLeftOut: boolean };

/** Leaves most signs of life out of the trace, with their answers, so that they do not drive out what was said. */
export class ThinOut {
  readonly #senders = new Map<string, Known>();

  isKept({ link, deviceId, direction, isSignOfLife }: TracedFrame, nowMs: number): boolean {
    if (!isSignOfLife) return true;
    const key = `${link} ${deviceId ?? ''}`;
    const known = this.#senders.get(key);
    // An answer follows what it answers.
    if (direction === 'out') return known?.isLeftOut !== true;
    const ageMs = known === undefined ? EVERY_MS : nowMs - known.keptMs;
    if (known !== undefined && ageMs >= 0 && ageMs < EVERY_MS) {
      known.isLeftOut = true;
      return false;
    }
    if (this.#senders.size >= MAX_SENDERS) this.#senders.clear();
    this.#senders.set(key, { keptMs: nowMs, isLeftOut: false });
    return true;
  }
}
