import { isOpen, subjectsOf, type IncidentRecord } from '../record.ts';

export type MergeInput = {
  /** As this gateway carried it on by itself. */
  readonly local: IncidentRecord;
  /** As it stands on Redis, where somebody else went on with it. Presses of both sides are counted here already. */
  readonly remote: IncidentRecord;
  /** When its present owner claimed it, epoch milliseconds; null where nobody has it or the log does not say. */
  readonly localClaimedAt: number | null;
  readonly remoteClaimedAt: number | null;
  readonly nowMs: number;
};

export type Merged = {
  readonly record: IncidentRecord;
  /** Who believed to have it and has not: to be told. */
  readonly lost: { readonly userId: string; readonly reason: 'claimed-by-other' | 'resolved-by-other' } | null;
  /** A resolution of either side does not stand, since there were presses that who closed it could not have heard of. */
  readonly isOpenAgain: boolean;
};

/**
 * One case that two sides went on with while they did not hear each other. Who claimed first has it; where only one side has
 * an owner that one stays; else the higher version goes on. A resolution stands unless the other side had presses that who
 * closed it could not know. Nothing becomes less urgent. Pure.
 */
export function mergeRecords(input: MergeInput): Merged {
  const { local, remote } = input;
  const version = Math.max(local.version, remote.version) + 1;
  const nowMs = Math.max(input.nowMs, local.updatedAt + 1, remote.updatedAt + 1);
  const isUnheard = remote.presses > local.presses;
  if (!isOpen(remote)) {
    const lost = isOpen(local) ? loserOf(local, remote, 'resolved-by-other') : null;
    return { record: { ...withBoth(remote, local, remote), version, updatedAt: nowMs }, lost, isOpenAgain: false };
  }
  if (!isOpen(local) && !isUnheard) {
    const lost = loserOf(remote, local, 'resolved-by-other');
    return { record: { ...withBoth(local, local, remote), version, updatedAt: nowMs }, lost, isOpenAgain: false };
  }
  const isOpenAgain = !isOpen(local);
  const winner = isOpen(local) ? chooseOpen(input) : remote;
  const loser = winner === local ? remote : local;
  const both = { ...withFurther(withBoth(winner, local, remote), loser), version, updatedAt: nowMs };
  const calm = isOpenAgain ? null : findCalm(local, remote, isUnheard);
  const mustRing = isOpenAgain || (isUnheard && winner === local);
  return {
    record: calm !== null ? quieten(both, calm) : mustRing ? ring(both, nowMs) : both,
    lost: isOpen(loser) ? loserOf(loser, winner, 'claimed-by-other') : null,
    isOpenAgain,
  };
}

function chooseOpen({ local, remote, localClaimedAt, remoteClaimedAt }: MergeInput): IncidentRecord {
  if (local.ownerId !== remote.ownerId) {
    if (remote.ownerId === null) return local;
    if (local.ownerId === null) return remote;
    // What the log does not say is taken for early: it is what stood there before.
    return (localClaimedAt ?? 0) < (remoteClaimedAt ?? 0) ? local : remote;
  }
  return local.version > remote.version ? local : remote;
}

const RESCUE: readonly IncidentRecord['state'][] = ['dispatched', 'accepted', 'arrived', 'with-person', 'handed-over'];

/** Somebody who was sent is on the way whoever has the case, and what one side put off the other had in hand. */
function withFurther(record: IncidentRecord, loser: IncidentRecord): IncidentRecord {
  if (RESCUE.indexOf(loser.state) > RESCUE.indexOf(record.state)) {
    const { state, helperId, promisedAt } = loser;
    return { ...record, state, helperId, promisedAt, shelvedUntil: null };
  }
  return record.state === 'shelved' && loser.ownerId !== null && loser.state !== 'shelved' ? unshelve(record) : record;
}

function unshelve(record: IncidentRecord): IncidentRecord {
  return { ...record, state: record.ownerId === null ? 'open' : 'claimed', shelvedUntil: null };
}

/**
 * The side on which its owner, who is the same on both, attended to it: the ring of the other side is a deadline that did not
 * know of that. The presses made here are decided on Redis by now, so that a `remote` that is quiet has heard all.
 */
function findCalm(local: IncidentRecord, remote: IncidentRecord, isUnheard: boolean): IncidentRecord | null {
  if (remote.ownerId === null || local.ownerId !== remote.ownerId) return null;
  if (!remote.ringing) return remote;
  return local.ringing || isUnheard ? null : local;
}

function quieten(record: IncidentRecord, { circles, rangAt, asked, askedAt, ladder }: IncidentRecord): IncidentRecord {
  return { ...record, ringing: false, circles, rangAt, asked, askedAt, ladder };
}

/** What is gathered on both sides, on the record that goes on. */
function withBoth(winner: IncidentRecord, local: IncidentRecord, remote: IncidentRecord): IncidentRecord {
  const urgent = local.priority < remote.priority ? local : remote;
  const sent = winner.helperId !== null ? winner : winner === local ? remote : local;
  return {
    ...winner,
    id: remote.id,
    subject: remote.subject,
    alsoAmong: unionOf(remote.alsoAmong, listFurther(local, remote)).filter((each) => each !== remote.subject),
    homeId: remote.homeId,
    residentId: remote.residentId ?? local.residentId,
    region: remote.region,
    type: urgent.type,
    priority: urgent.priority,
    types: unionOf(remote.types, local.types),
    flags: unionOf(remote.flags, local.flags),
    services: unionOf(remote.services, local.services),
    authority: (local.authority?.at ?? 0) > (remote.authority?.at ?? 0) ? local.authority : remote.authority,
    helperId: sent.helperId,
    promisedAt: sent.promisedAt,
    toldIds: unionOf(remote.toldIds, local.toldIds),
    presses: remote.presses,
    openedAt: Math.min(local.openedAt, remote.openedAt),
    isForAll: local.isForAll || remote.isForAll,
    progressAt: Math.max(local.progressAt, remote.progressAt),
    claimedAt: firstOf(local.claimedAt, remote.claimedAt),
    shownAt: firstOf(local.shownAt, remote.shownAt),
    voiceAt: lastOf(local.voiceAt, remote.voiceAt),
  };
}

/** A person who was named here finds the case too, unless the other side knows it to be about somebody else. */
function listFurther(local: IncidentRecord, remote: IncidentRecord): readonly string[] {
  const isOfAnother = remote.residentId !== null && remote.residentId !== local.residentId;
  return isOfAnother ? local.alsoAmong : subjectsOf(local);
}

function ring(shelvedOrNot: IncidentRecord, nowMs: number): IncidentRecord {
  const record = shelvedOrNot.state === 'shelved' ? unshelve(shelvedOrNot) : shelvedOrNot;
  const circles = record.ownerId === null ? record.circles : ([...record.circles, 'owner', 'duty'] as const);
  return {
    ...record,
    ringing: true,
    rangAt: nowMs,
    circles: circles.length === 0 ? ['duty'] : unionOf(circles, []),
  };
}

function loserOf<R extends string>(
  loser: IncidentRecord,
  winner: IncidentRecord,
  reason: R,
): { readonly userId: string; readonly reason: R } | null {
  const { ownerId } = loser;
  return ownerId === null || ownerId === winner.ownerId ? null : { userId: ownerId, reason };
}

function unionOf<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  return [...new Set([...a, ...b])];
}

function firstOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function lastOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
