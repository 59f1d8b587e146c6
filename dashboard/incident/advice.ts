import type { ContactKind, Incident } from '../../gateway/api/contract/incident.ts';
import { formatMoment } from '../clock/format.ts';
import type { Holder } from '../queue/owner.ts';
import { isTechnical } from '../queue/types.ts';
import { calcPersonBehind } from '../register/who.ts';
import type { CallState } from './calls.ts';
import { isRinging, type CallerNow } from './callers.ts';
import { formatNumber } from './number.ts';
import { sortKeyHolders, type CallTarget } from './targets.ts';

/** One line of "what next", by its key in the dictionary. */
export type Advice = {
  readonly code: AdviceCode;
  readonly params: Readonly<Record<string, string>>;
};

export type AdviceCode =
  | 'take'
  | 'other'
  | 'fire-first'
  | 'gas-first'
  | 'water-first'
  | 'duress'
  | 'answer-call'
  | 'call-back'
  | 'call-person'
  | 'call-contact'
  | 'call-keyholders'
  | 'call-120-now'
  | 'call-120'
  | 'say-address'
  | 'no-contacts'
  | 'pick-person'
  | 'find-out'
  | 'ask-caller'
  | 'ask-writer'
  | 'report'
  | 'other-silent'
  | 'established'
  | 'closed'
  | 'check-device'
  | 'read-note';

export type AdviceInput = {
  readonly incident: Incident;
  readonly holder: Holder;
  readonly targets: readonly CallTarget[];
  readonly calls: ReadonlyMap<string, CallState>;
  readonly contact: ContactKind | null;
  /** Who rang, the last first. */
  readonly callers?: readonly CallerNow[];
  readonly address: string | null;
  /** Gateway's clock, epoch milliseconds. */
  readonly nowMs: number;
};

/** Without contact for this long 120 is called, unless somebody can get in soon (field, scene 1). */
const AMBULANCE_AFTER_MS = 3 * 60_000;
const SOON_MIN = 10;

/**
 * What the trade would do next, most urgent first (field, scenes 1, 4, 5, 6). Words for a tired person, never a decision:
 * nothing is sent or suppressed by it.
 */
export function planAdvice(input: AdviceInput): readonly Advice[] {
  const { incident, holder } = input;
  if (incident.state === 'resolved') return [say('closed')];
  const first = firstOf(input);
  const time = formatMoment(Date.parse(incident.progressAt), input.nowMs);
  if (holder.kind === 'other') {
    return [
      incident.ringing ? say('other-silent', { name: holder.name, time }) : say('other', { name: holder.name }),
      ...first,
    ];
  }
  const take = holder.kind === 'nobody' ? [say('take')] : incident.ringing ? [say('report', { time })] : [];
  if (isTechnical(incident)) return [...take, say('check-device')];
  if (input.contact !== null && input.contact !== 'not-established') return [...take, say('established')];
  return [...take, ...first, ...planCalls(input), ...whoIsIt(input)];
}

/** What must be known before anybody is called, from the types of all its alarms: smoke may have come after the key. */
function firstOf({ incident }: AdviceInput): readonly Advice[] {
  const { advice, types } = incident;
  const lines: Advice[] = [];
  if (advice.includes('no-bell-no-switch-no-landline')) lines.push(say('gas-first'));
  else if (advice.includes('call-119-first')) lines.push(say('fire-first'));
  if (advice.includes('silent')) lines.push(say('duress'));
  if (types.includes('water')) lines.push(say('water-first'));
  return lines;
}

function planCalls(input: AdviceInput): readonly Advice[] {
  const { incident, targets, calls, callers = [], nowMs } = input;
  if (incident.advice.includes('silent')) return [];
  const keyHolders = sortKeyHolders(targets);
  const ringing = callers.filter((caller) => isRinging(caller, nowMs)).map(({ number }) => number);
  const untried = targets.filter((target) => !calls.has(target.key) && !ringing.includes(target.number));
  const hasUnanswered = [...calls.values()].some((call) => call.result !== 'answered' && call.result !== 'ringing');
  const lines: Advice[] = ringing.length === 0 ? [] : [say('answer-call')];
  if (hasUnanswered) {
    const ambulance = calcAmbulance(input, keyHolders);
    if (ambulance !== null) lines.push(say(ambulance), ...whereIsIt(input));
    const names = keyHolders.filter((target) => !calls.has(target.key)).map((target) => target.name);
    if (names.length > 0) lines.push(say('call-keyholders', { names: names.join(' · ') }));
  }
  const next = hasUnanswered ? (sortKeyHolders(untried)[0] ?? untried[0]) : untried[0];
  if (next !== undefined) {
    lines.push(
      say(codeOfCall(next), {
        name: next.name,
        number: formatNumber(next.number),
      }),
    );
  }
  const knowsPeople = incident.residentId !== null || incident.candidates.length > 0;
  if (knowsPeople && targets.every((target) => target.contactId === null)) lines.push(say('no-contacts'));
  return lines;
}

function codeOfCall({ caller, contactId }: CallTarget): AdviceCode {
  if (caller !== undefined) return 'call-back';
  return contactId === null ? 'call-person' : 'call-contact';
}

/** 120 at once on a fall or a second press that nobody answers, else after three minutes (field, scene 1). */
function calcAmbulance(
  { incident, nowMs }: AdviceInput,
  keyHolders: readonly CallTarget[],
): 'call-120-now' | 'call-120' | null {
  if (incident.priority !== 1) return null;
  if (incident.type === 'fall' || incident.presses > 1) return 'call-120-now';
  const isSoonThere = keyHolders.some((target) => target.minutesAway !== null && target.minutesAway <= SOON_MIN);
  return nowMs - Date.parse(incident.openedAt) >= AMBULANCE_AFTER_MS && !isSoonThere ? 'call-120' : null;
}

/** A call to 120 is answered for the caller's place, not the emergency's. */
function whereIsIt({ address }: AdviceInput): readonly Advice[] {
  return address === null ? [] : [say('say-address', { address })];
}

function whoIsIt({ incident, targets }: AdviceInput): readonly Advice[] {
  if (incident.residentId !== null) return [];
  if (incident.candidates.length > 1) return [say('pick-person')];
  if (incident.candidates.length === 1) return [];
  const person = calcPersonBehind(incident);
  // A service's number takes no call: there is nobody to ask.
  if (person === 'writer' && !targets.some(({ caller }) => caller !== undefined)) return [say('read-note')];
  if (person !== null) return [say(`ask-${person}`)];
  return incident.deviceId === null ? [say('read-note')] : [say('find-out', { id: incident.deviceId })];
}

function say(code: AdviceCode, params: Readonly<Record<string, string>> = {}): Advice {
  return { code, params };
}
