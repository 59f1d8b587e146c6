import { Chance } from './chance.ts';
import { makeInput } from './inputs.ts';
import type { Target } from './target.ts';

export type Failure = {
  readonly kind: 'threw' | 'slow' | 'hung' | 'grew';
  /** Number of the input in its run, from 0; the last one where memory grew. */
  readonly index: number;
  readonly input: Uint8Array;
  readonly detail: string;
};

export type Outcome = {
  readonly name: string;
  readonly inputs: number;
  readonly spentMs: number;
  readonly slowestMs: number;
  /** What the heap held more after the last input than after the first fifth, both collected. */
  readonly grownBytes: number;
  readonly failure: Failure | null;
};

export type RunDeps = {
  /** Monotonic. */
  readonly nowMs: () => number;
  /** What is in use after a collection. */
  readonly heapBytes: () => number;
  /** Before each input, so that somebody else knows on which one it hangs. */
  readonly begin: (input: Uint8Array) => void;
};

/** Chosen: a thousand times what the slowest decoder needs, since a busy machine stands still for a while. */
export const MAX_INPUT_MS = 1000;

/** Chosen: a million inputs that left 32 bytes each would be twice this. */
export const MAX_GROWTH_BYTES = 16 * 1024 * 1024;

/** Feeds a target with inputs that the seed decides, until one fails or all are through. */
export function runTarget(target: Target, inputs: number, seed: number, deps: RunDeps): Outcome {
  const chance = new Chance(seed);
  const take = target.open();
  const startedAt = deps.nowMs();
  let slowestMs = 0;
  let heapBefore = 0;
  const outcome = (done: number, failure: Failure | null, grownBytes = 0): Outcome => ({
    name: target.name,
    inputs: done,
    spentMs: deps.nowMs() - startedAt,
    slowestMs,
    grownBytes,
    failure,
  });
  let input: Uint8Array = new Uint8Array();
  for (let index = 0; index < inputs; index++) {
    if (index === Math.floor(inputs / 5)) heapBefore = deps.heapBytes();
    input = makeInput(chance, target.seeds);
    deps.begin(input);
    const from = deps.nowMs();
    try {
      take(input);
    } catch (error) {
      return outcome(index + 1, { kind: 'threw', index, input, detail: String(error) });
    }
    const tookMs = deps.nowMs() - from;
    if (tookMs <= slowestMs) continue;
    slowestMs = tookMs;
    if (tookMs > MAX_INPUT_MS && isSlowAgain(target, input, deps)) {
      return outcome(index + 1, { kind: 'slow', index, input, detail: `${Math.round(tookMs)} ms` });
    }
  }
  const grown = deps.heapBytes() - heapBefore;
  const failure: Failure = { kind: 'grew', index: inputs - 1, input, detail: `${grown} bytes` };
  return outcome(inputs, grown > MAX_GROWTH_BYTES ? failure : null, grown);
}

/** Three times on its own: a machine that stood still does not do so each time. */
function isSlowAgain(target: Target, input: Uint8Array, deps: RunDeps): boolean {
  return [1, 2, 3].every(() => {
    const take = target.open();
    const from = deps.nowMs();
    take(input);
    return deps.nowMs() - from > MAX_INPUT_MS;
  });
}
