import type { CallState } from '../../event.ts';

/**
 * What happens on one telephone line, in the order of happening. `lost`: the modem or its cable is gone; `stopped`: we look no
 * more, and whoever calls may still ring.
 */
export type LineEvent =
  | { readonly kind: 'ring' }
  /**
   * Null: told that there is no number. `isOfRing`: the line tells it with each ring, so that the same again is the same call.
   */
  | { readonly kind: 'number'; readonly number: string | null; readonly isOfRing?: boolean }
  | { readonly kind: 'off-hook' }
  | { readonly kind: 'on-hook' }
  /** The line says that nobody rings any more. */
  | { readonly kind: 'over' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'stopped' }
  /** Time has passed. */
  | { readonly kind: 'tick' };

/** What is to be told of a call. `ringing` is the alarm, everything else is a note to it. */
export type CallNews = { readonly call: CallState; readonly number: string | null };

/**
 * How long a call that has rung once waits for its number, unless it rings again before. Exchanges send it 0.5 to 1.5 s after
 * the first ring and need about half a second for it (Telcordia GR-30; YD/T 1277.1), modems tell of a ring when it is over.
 * Until then the call is half told, like half a frame: told at once it would be nobody's case, beside the person's own that the
 * number opens a second later, with every call. Nothing is lost by it: a line that still rings says so again in 5 s.
 */
export const NUMBER_WAIT_MS = 2500;

/** After so long without a ring nobody calls any more: rings come every 5 s in China, every 6 s elsewhere. Chosen. */
export const RINGS_OVER_MS = 8000;

export type LineState = {
  readonly call: Call | null;
  /** The line tells when the receiver is lifted: only then a call that was not answered is known as missed. */
  readonly tellsHook: boolean;
};

type Call = {
  /** Told of, each under its number: a number may come after the call was told without. Empty while it is waited for. */
  readonly told: readonly (string | null)[];
  readonly lastRingAt: number;
  readonly hasRung: boolean;
  /** It has rung since the last number: the next number is another call's. */
  readonly hasRungSince: boolean;
  readonly isAnswered: boolean;
};

export const IDLE_LINE: LineState = { call: null, tellsHook: false };

export type Tracked = { readonly state: LineState; readonly news: readonly CallNews[] };

/**
 * What a line event means for the call on the line; times are milliseconds on a clock that never jumps. Pure. Whoever calls it
 * sends a `tick` at `dueAt`. Nothing else ends a wait: what is read late, because everything stood still, came in time.
 */
export function trackCall(state: LineState, event: LineEvent, atMs: number): Tracked {
  switch (event.kind) {
    case 'ring':
      return ring(state, atMs);
    case 'number':
      return number(state, event, atMs);
    case 'off-hook':
      return lift({ ...state, tellsHook: true });
    case 'on-hook':
      return end({ ...state, tellsHook: true });
    case 'over':
      return end(state);
    case 'lost':
      // The next box or modem may be another one.
      return { state: IDLE_LINE, news: end({ ...state, tellsHook: false }).news };
    case 'stopped':
      return { state: IDLE_LINE, news: state.call === null ? [] : tellAtLast(state.call).news };
    case 'tick':
      return endIfOver(state, atMs);
  }
}

/** When something is to be told although the line says nothing; null while nobody calls. */
export function dueAt({ call }: LineState): number | null {
  if (call === null || call.isAnswered) return null;
  return call.lastRingAt + (call.told.length === 0 ? NUMBER_WAIT_MS : RINGS_OVER_MS);
}

function ring(state: LineState, atMs: number): Tracked {
  const { call } = state;
  if (call === null || call.isAnswered) return begin(state, [], atMs, true);
  const rung = { ...call, lastRingAt: atMs, hasRung: true, hasRungSince: true };
  if (call.told.length > 0) return { state: { ...state, call: rung }, news: [] };
  return { state: { ...state, call: { ...rung, told: [null] } }, news: [{ call: 'ringing', number: null }] };
}

type NumberTold = Extract<LineEvent, { readonly kind: 'number' }>;

function number(state: LineState, { number: told, isOfRing = false }: NumberTold, atMs: number): Tracked {
  const { call } = state;
  const news: CallNews = { call: 'ringing', number: told };
  // Before the first ring (numbers sent as tones), or while somebody speaks on the line.
  if (call === null || call.isAnswered) return { ...begin(state, [told], atMs, false), news: [news] };
  if (call.told.length === 0) {
    return { state: { ...state, call: { ...call, told: [told], hasRungSince: false } }, news: [news] };
  }
  const isSame = isOfRing || !call.hasRungSince;
  if (told === null || (isSame && call.told.includes(told))) return { state, news: [] };
  const isLate = !call.told.some((known) => known !== null);
  if (isLate) {
    const both = { ...call, told: [...call.told, told], hasRungSince: false };
    return { state: { ...state, call: both }, news: [news] };
  }
  // Somebody rang off and was called after, or called again, within the time in which rings are waited for.
  const over = end(state);
  return { ...begin(over.state, [told], atMs, false), news: [...over.news, news] };
}

function begin(state: LineState, told: Call['told'], atMs: number, hasRung: boolean): Tracked {
  const call = { told, lastRingAt: atMs, hasRung, hasRungSince: hasRung, isAnswered: false };
  return { state: { ...state, call }, news: [] };
}

function lift(state: LineState): Tracked {
  const { call } = state;
  if (call === null || call.isAnswered) return { state, news: [] };
  const late = tellAtLast(call);
  const told = late.call.told;
  return {
    state: { ...state, call: { ...late.call, isAnswered: true } },
    news: [...late.news, ...told.map((who): CallNews => ({ call: 'answered', number: who }))],
  };
}

/** Nobody rings any more; who was answered is told of already. Where no ring was heard nobody knows when they ended. */
function end(state: LineState): Tracked {
  const { call, tellsHook } = state;
  const over = { ...state, call: null };
  if (call === null || call.isAnswered || !call.hasRung) return { state: over, news: [] };
  const late = tellAtLast(call);
  const how = tellsHook ? 'missed' : 'ended';
  return {
    state: over,
    news: [...late.news, ...late.call.told.map((who): CallNews => ({ call: how, number: who }))],
  };
}

/** A call that was not told yet is told before anything else about it. */
function tellAtLast(call: Call): { readonly call: Call; readonly news: readonly CallNews[] } {
  if (call.told.length > 0) return { call, news: [] };
  return { call: { ...call, told: [null] }, news: [{ call: 'ringing', number: null }] };
}

function endIfOver(state: LineState, atMs: number): Tracked {
  const { call } = state;
  const due = dueAt(state);
  if (call === null || due === null || atMs < due) return { state, news: [] };
  if (call.told.length > 0) return end(state);
  const late = tellAtLast(call);
  const waited: Tracked = { state: { ...state, call: late.call }, news: late.news };
  // A timer that came very late.
  if (atMs < call.lastRingAt + RINGS_OVER_MS) return waited;
  const over = end(waited.state);
  return { state: over.state, news: [...waited.news, ...over.news] };
}
