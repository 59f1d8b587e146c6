import type { Incident } from '../../gateway/api/contract/incident.ts';
import { isTechnical } from '../queue/types.ts';
import type { PatternName } from './patterns.ts';
import { ringsAt, type Listener } from './rings-at.ts';

/** Silence on this console, begun by hand. Remembers what rang then: a new cry ends it. */
export type Mute = {
  readonly untilMs: number;
  readonly pressesOf: ReadonlyMap<string, number>;
};

/** Long enough to hear somebody on the telephone, too short to forget (chosen; IEC 60601-1-8 pauses, never ends). */
export const MUTE_MS = 60_000;

export type SoundInput = {
  readonly incidents: Iterable<Incident>;
  readonly listener: Listener;
  readonly nowMs: number;
  readonly mute: Mute | null;
  /** The screen may be out of date. */
  readonly isLost: boolean;
};

export type SoundDecision = {
  readonly pattern: PatternName | null;
  /** What would sound but for the mute. */
  readonly isMuted: boolean;
  readonly ringing: readonly Incident[];
};

/** What this console sounds now. */
export function decideSound({ incidents, listener, nowMs, mute, isLost }: SoundInput): SoundDecision {
  const open = [...incidents].filter((incident) => incident.state !== 'resolved');
  const isUrgentWaiting = open.some((incident) => isUrgentAndWaiting(incident));
  const ringing = open.filter((incident) => ringsAt(incident, listener) && !(isUrgentWaiting && isTechnical(incident)));
  const wanted = calcPattern(ringing, isLost);
  const isMuted = wanted !== null && isMuteInForce(mute, ringing, nowMs);
  return { pattern: isMuted ? null : wanted, isMuted, ringing };
}

/** Whose ring this console can be heard with now: not those of colleagues, none while muted or while `lost` plays instead. */
export function listSounding({ pattern, ringing }: SoundDecision): ReadonlySet<string> {
  return new Set(pattern === null || pattern === 'lost' ? [] : ringing.map(({ id }) => id));
}

/** Null while nothing sounds: a mute begun then would silence what comes later, unheard. */
export function beginMute(
  { pattern }: Pick<SoundDecision, 'pattern'>,
  incidents: Iterable<Incident>,
  nowMs: number,
): Mute | null {
  if (pattern === null) return null;
  const pressesOf = new Map([...incidents].map((incident) => [incident.id, incident.presses]));
  return { untilMs: nowMs + MUTE_MS, pressesOf };
}

/** A person who presses for the first time or again is heard, muted or not; a deadline that rings again is not new. */
export function isMuteInForce(mute: Mute | null, ringing: readonly Incident[], nowMs: number): boolean {
  // A clock that was put back must not lengthen a mute.
  if (mute === null || nowMs >= mute.untilMs || nowMs < mute.untilMs - MUTE_MS) return false;
  return !ringing.some(
    (incident) => incident.priority <= 2 && (mute.pressesOf.get(incident.id) ?? 0) < incident.presses,
  );
}

function isUrgentAndWaiting(incident: Incident): boolean {
  return incident.priority <= 2 && (incident.ringing || incident.owner === null);
}

function calcPattern(ringing: readonly Incident[], isLost: boolean): PatternName | null {
  const priority = Math.min(...ringing.map((incident) => incident.priority));
  if (priority === 1) return 'high';
  if (isLost) return 'lost';
  if (priority === 2) return 'medium';
  return Number.isFinite(priority) ? 'low' : null;
}
