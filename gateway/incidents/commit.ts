import type { EventId } from '../../devices/event.ts';
import type { IncidentId, IncidentRecord } from './record.ts';

/** One line of an incident's history before Redis gives it its id. `data` holds ids, codes and times only. */
export type EntryDraft = {
  readonly incidentId: string | null;
  readonly type: string;
  readonly actor: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** What must be erasable: stored beside the log under a key of its own, the log keeps its salted hash. */
  readonly personal?: Readonly<Record<string, unknown>>;
};

/**
 * A key that must still hold what the plan was made from (null: must not exist), and what it shall hold (null: it is only
 * compared).
 */
export type GuardedKey = {
  readonly key: string;
  readonly was: string | null;
  readonly becomes: string | null;
  readonly ttlMs: number | null;
};

/**
 * One attempt to be made to reach one person. It holds ids alone: numbers, names and addresses are looked up when it is sent.
 * The id is derived from what it is about, so that the same one made twice (two gateways without Redis) is known as one.
 */
export type NotificationDraft = {
  readonly id: string;
  readonly incidentId: string;
  readonly to: { readonly kind: 'user' | 'contact'; readonly id: string };
  /** What it says: a step of the policy, or somebody is sent there. */
  readonly reason: 'step' | 'dispatch';
  readonly step: string;
  /** Epoch milliseconds. */
  readonly at: number;
};

/** Alarms that belong to another incident from now on, in their order. */
export type AlarmMove = {
  readonly from: IncidentId;
  readonly to: IncidentId;
  readonly alarmIds: readonly EventId[];
};

/**
 * Everything that one decision changes. It happens whole or not at all: the store's script compares every `was` and
 * version first and answers `conflict` when one has moved, and the decision is taken anew.
 */
export type CommitPlan = {
  readonly incidents: readonly { readonly record: IncidentRecord; readonly was: IncidentRecord | null }[];
  readonly guarded: readonly GuardedKey[];
  /** Alarms to be kept beside the log, as JSON, and listed with their incident where they have one. */
  readonly events: readonly { readonly id: EventId; readonly incidentId: string | null; readonly json: string }[];
  /** Alarms that go from one incident's list to the end of another's. */
  readonly moves?: readonly AlarmMove[];
  readonly entries: readonly EntryDraft[];
  /** What people are to be told outside the screens; written to the outbox by the same script. */
  readonly notifications: readonly NotificationDraft[];
  /** The stream entry that this decision answers. */
  readonly ack: string | null;
};
