import { createHash } from 'node:crypto';
import type { AlarmEvent } from '../../../devices/event.ts';
import type { GuardedKey } from '../commit.ts';
import { type AlarmFacts, UNPROVEN } from '../facts.ts';
import type { Held } from '../held.ts';
import { redisKey } from '../../store/keys.ts';

/** So many names that nobody registered ring each in a case of their own (design §7). */
const NAMES_APART = 5;
const WINDOW_MS = 10 * 60_000;

/** Unregistered names of one source address that opened a case of their own, with the time of receipt. */
export type Strangers = readonly { readonly name: string; readonly at: number }[];

/**
 * Null for every alarm that nothing folds: verified, a name that the register knows, a case by hand, or a telephone call. A line
 * brings one call at a time, most of them from numbers that nobody registered, and each is somebody.
 */
export function strangersKeyOf(event: AlarmEvent): string | null {
  if (event.standing !== 'unregistered' || event.byHand !== undefined || event.message.call !== undefined) return null;
  return redisKey('strangers', createHash('sha256').update(addressOf(event.source.peer)).digest('base64url'));
}

/** Of `address:port`: a sender that connects again has another port and is the same sender. */
export function addressOf(peer: string): string {
  return peer.replace(/:\d+$/, '');
}

export type FoldedFacts = {
  readonly facts: AlarmFacts;
  /** What is remembered if the alarm opens a case; null when nothing is. */
  readonly remember: GuardedKey | null;
};

/**
 * Where the alarm of a name that nobody registered stands: apart, or, beyond five such names from one address in ten
 * minutes, in one case for that address. It rings either way; a name whose own case is still open stays there. Pure.
 */
export function foldStranger(input: {
  readonly event: AlarmEvent;
  readonly facts: AlarmFacts;
  readonly key: string;
  readonly strangers: Held<Strangers>;
  readonly hasOpenOfItsOwn: boolean;
}): FoldedFacts {
  const { event, facts, key, strangers, hasOpenOfItsOwn } = input;
  const name = event.deviceId ?? '';
  const recent = strangers.value.filter(({ at }) => Math.abs(event.receivedAt - at) < WINDOW_MS);
  if (hasOpenOfItsOwn || recent.some((known) => known.name === name)) return { facts, remember: null };
  if (recent.length >= NAMES_APART)
    return { facts: { ...facts, subject: `${UNPROVEN}address:${key}` }, remember: null };
  const becomes = JSON.stringify([...recent, { name, at: event.receivedAt }] satisfies Strangers);
  return { facts, remember: { key, was: strangers.raw, becomes, ttlMs: WINDOW_MS } };
}
