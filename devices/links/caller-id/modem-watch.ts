/**
 * Brings a modem to tell callers' numbers, and asks it now and then whether it is still there: a modem that lost its power
 * beside a cable that holds would be silent for ever.
 */
export type ModemState =
  | { readonly phase: 'closed' }
  /** Command number `step` of the set-up waits for its answer. */
  | { readonly phase: 'setting-up'; readonly step: number; readonly other: number; readonly sentAt: number }
  /** It does not answer, or does not tell numbers; tried again. Rings are heard meanwhile. */
  | { readonly phase: 'failed'; readonly why: ModemFault; readonly at: number }
  | {
      readonly phase: 'ready';
      readonly heardAt: number;
      readonly askedAt: number | null;
      /** Questions in a row without an answer. */
      readonly unanswered: number;
    };

export type ModemFault = 'no-answer' | 'tells-no-numbers';

export type ModemEvent = 'opened' | 'closed' | 'ok' | 'error' | 'tick';

export type ModemStep = { readonly state: ModemState; readonly send: string | null };

export type SetUp = readonly { readonly commands: readonly string[]; readonly isNeeded: boolean }[];

/**
 * What a modem is told, each with what else the same is called: to begin anew, to repeat no commands, where it is (`+GCI`, ITU-T
 * V.250 §6.1.9: some hear no numbers of another country's exchanges), to tell numbers (`+VCID`: ITU-T V.253 §9.2.3; `#CID`: Rockwell
 * before it). What is not needed may be refused. `country`: code of ITU-T T.35 in hexadecimal, 26 for China.
 */
export function setUpFor(country: string | null): SetUp {
  return [
    { commands: ['ATZ'], isNeeded: false },
    { commands: ['ATE0'], isNeeded: false },
    ...(country === null ? [] : [{ commands: [`AT+GCI=${country.toUpperCase()}`], isNeeded: false }]),
    { commands: ['AT+VCID=1', 'AT#CID=1'], isNeeded: true },
  ];
}

/** Chosen: a reset takes modems up to two seconds. */
export const ANSWER_MS = 3000;
/** Chosen: a dead modem is known within about half a minute. */
export const ASK_EVERY_MS = 30_000;
/** Chosen. */
export const TRY_AGAIN_MS = 10_000;
/** Chosen: one lost answer is noise. */
const MOST_UNANSWERED = 2;

/**
 * What to send next. Pure; times are milliseconds on a clock that never jumps. `isBusy`: somebody calls, and some modems give
 * the number up when they are spoken to before it has come; it is not asked then.
 */
export function watchModem(
  setUp: SetUp,
  state: ModemState,
  event: ModemEvent,
  atMs: number,
  isBusy: boolean,
): ModemStep {
  if (event === 'closed') return { state: { phase: 'closed' }, send: null };
  if (event === 'opened') return begin(setUp, atMs);
  switch (state.phase) {
    case 'closed':
      return { state, send: null };
    case 'setting-up':
      return goOn(setUp, state, event, atMs);
    case 'failed':
      return event === 'tick' && !isBusy && atMs >= state.at + TRY_AGAIN_MS
        ? begin(setUp, atMs)
        : { state, send: null };
    case 'ready':
      return ask(state, event, atMs, isBusy);
  }
}

/** When a `tick` is due; null while there is nothing to wait for. */
export function modemDueAt(state: ModemState): number | null {
  switch (state.phase) {
    case 'closed':
      return null;
    case 'setting-up':
      return state.sentAt + ANSWER_MS;
    case 'failed':
      return state.at + TRY_AGAIN_MS;
    case 'ready':
      return state.askedAt === null ? state.heardAt + ASK_EVERY_MS : state.askedAt + ANSWER_MS;
  }
}

function begin(setUp: SetUp, atMs: number): ModemStep {
  return send(setUp, { phase: 'setting-up', step: 0, other: 0, sentAt: atMs });
}

function goOn(
  setUp: SetUp,
  state: ModemState & { readonly phase: 'setting-up' },
  event: 'ok' | 'error' | 'tick',
  atMs: number,
): ModemStep {
  const { step, other, sentAt } = state;
  const isLate = event === 'tick' && atMs >= sentAt + ANSWER_MS;
  if (isLate) return fail('no-answer', atMs);
  if (event === 'tick') return { state, send: null };
  const isDone = event === 'ok' || setUp[step]?.isNeeded === false;
  if (!isDone) {
    const next = { ...state, other: other + 1, sentAt: atMs };
    return setUp[step]?.commands[next.other] === undefined ? fail('tells-no-numbers', atMs) : send(setUp, next);
  }
  if (step + 1 < setUp.length) return send(setUp, { ...state, step: step + 1, other: 0, sentAt: atMs });
  return { state: ready(atMs), send: null };
}

function ask(
  state: ModemState & { readonly phase: 'ready' },
  event: 'ok' | 'error' | 'tick',
  atMs: number,
  isBusy: boolean,
): ModemStep {
  if (event !== 'tick') return { state: ready(atMs), send: null };
  const { heardAt, askedAt, unanswered } = state;
  if (askedAt !== null && atMs >= askedAt + ANSWER_MS) {
    if (unanswered + 1 >= MOST_UNANSWERED) return fail('no-answer', atMs);
    // Asked again at once, unless somebody calls.
    const again = { ...state, unanswered: unanswered + 1 };
    return isBusy
      ? { state: { ...again, askedAt: null, heardAt: atMs }, send: null }
      : { state: { ...again, askedAt: atMs }, send: 'AT' };
  }
  if (askedAt !== null || atMs < heardAt + ASK_EVERY_MS) return { state, send: null };
  return isBusy
    ? { state: { ...state, heardAt: atMs }, send: null }
    : { state: { ...state, askedAt: atMs }, send: 'AT' };
}

function ready(atMs: number): ModemState {
  return { phase: 'ready', heardAt: atMs, askedAt: null, unanswered: 0 };
}

function fail(why: ModemFault, atMs: number): ModemStep {
  return { state: { phase: 'failed', why, at: atMs }, send: null };
}

function send(setUp: SetUp, state: ModemState & { readonly phase: 'setting-up' }): ModemStep {
  return { state, send: setUp[state.step]?.commands[state.other] ?? null };
}
