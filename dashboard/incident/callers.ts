import type { IncidentAlarm } from '../../gateway/api/contract/incident.ts';
import type { CallTarget } from './targets.ts';

type CallState = NonNullable<IncidentAlarm['call']>;
export type Whose = NonNullable<IncidentAlarm['caller']>['whose'];

/** Somebody who rang in this case, as the last call of that number stands. */
export type CallerNow = {
  /** Null where it was withheld. */
  readonly number: string | null;
  readonly whose: Whose;
  readonly state: CallState;
  /** When it came to stand so. */
  readonly atMs: number;
  /** How often they rang. */
  readonly calls: number;
};

/** Everybody who rang, the last first. Alarms in the order of coming. */
export function listCallers(alarms: readonly IncidentAlarm[]): readonly CallerNow[] {
  const byNumber = new Map<string | null, CallerNow>();
  for (const { caller, call, kind, receivedAt } of alarms) {
    if (caller === null || call === null) continue;
    const { number, whose } = caller;
    const calls = (byNumber.get(number)?.calls ?? 0) + (kind === 'alarm' ? 1 : 0);
    byNumber.delete(number);
    byNumber.set(number, { number, whose, state: call, atMs: Date.parse(receivedAt), calls });
  }
  return [...byNumber.values()].toReversed();
}

/** A telephone that nobody answers is given up sooner. Chosen: some lines tell no end, and nothing rings for ever. */
const RINGS_AT_MOST_MS = 120_000;

/** Whether they ring now, so that the telephone is to be answered and not to be dialled. */
export function isRinging({ state, atMs }: CallerNow, nowMs: number): boolean {
  return state === 'ringing' && nowMs - atMs < RINGS_AT_MOST_MS;
}

/** Shorter ones are services that take no call. Chosen. */
const MIN_DIGITS = 7;

/** From whose numbers SMS came, the last first. */
export function listWriters(alarms: readonly IncidentAlarm[]): readonly Pick<CallerNow, 'number' | 'whose'>[] {
  const byNumber = new Map<string, Pick<CallerNow, 'number' | 'whose'>>();
  for (const { caller, call } of alarms) {
    if (caller === null || call !== null || caller.number === null || caller.number.length < MIN_DIGITS) continue;
    byNumber.delete(caller.number);
    byNumber.set(caller.number, caller);
  }
  return [...byNumber.values()].toReversed();
}

/** With callers and writers whom nobody registered before everybody else: they are called back first. */
export function withCallers(
  targets: readonly CallTarget[],
  callers: readonly Pick<CallerNow, 'number' | 'whose'>[],
): readonly CallTarget[] {
  const known = new Set(targets.map(({ number }) => number));
  const unknown = callers.flatMap(({ number, whose }) => {
    if (number === null || known.has(number)) return [];
    known.add(number);
    return [targetOf(number, whose)];
  });
  return [...unknown, ...targets];
}

/** Who that is by their number, where it is a target's. */
export function findByNumber(targets: readonly CallTarget[], number: string | null): CallTarget | null {
  return targets.find((target) => target.number === number && target.caller === undefined) ?? null;
}

function targetOf(number: string, whose: Whose): CallTarget {
  return {
    ...{ key: `caller:${number}`, name: '', number, contactId: null, of: [], caller: whose },
    ...{ relation: null, hasKey: false, minutesAway: null, language: null, note: null },
  };
}
