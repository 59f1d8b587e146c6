import type { ReceiptKind } from '../api/contract/notification.ts';
import type { CommitPlan, NotificationDraft } from '../incidents/commit.ts';
import type { Held } from '../incidents/held.ts';
import { redisKey } from '../store/keys.ts';

/** Kept for receipts that come late. Chosen. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

export function notificationKey(id: string): string {
  return redisKey('notification', id);
}

/** What is known of a notification; ids, codes and times alone. */
export type NotificationState = {
  readonly incidentId: string;
  readonly to: NotificationDraft['to'];
  readonly channel: string | null;
  readonly attempts: number;
  /** How the last attempt ended; the first two are final. */
  readonly result: 'sent' | 'gave-up' | 'failed';
  readonly receipts: readonly ReceiptKind[];
};

/** How an attempt ended, or why there was none. */
export type Outcome = {
  readonly channel: string | null;
  readonly attempt: number;
  readonly result: 'sent' | 'failed' | 'gave-up';
  readonly code: string;
  /** Milliseconds until its receiver answered; null where nothing was sent. */
  readonly latencyMs: number | null;
  readonly receipt: ReceiptKind | null;
  /** Epoch milliseconds. */
  readonly at: number;
};

export type Noted = { readonly plan: CommitPlan; readonly state: NotificationState };

export function isFinal(state: Pick<NotificationState, 'result'> | null): boolean {
  return state !== null && state.result !== 'failed';
}

/** An attempt as a line of the incident's log; the incident itself does not change. Pure. */
export function planNote(draft: NotificationDraft, known: Held<NotificationState | null>, outcome: Outcome): Noted {
  const { channel, attempt, result, code, latencyMs, receipt, at } = outcome;
  const state: NotificationState = {
    incidentId: draft.incidentId,
    to: draft.to,
    channel: channel ?? known.value?.channel ?? null,
    attempts: Math.max(attempt, known.value?.attempts ?? 0),
    // What reached its receiver once has been sent, whatever another gateway's attempt came to.
    result: known.value?.result === 'sent' ? 'sent' : result,
    receipts: [...(known.value?.receipts ?? []), ...(receipt === null ? [] : [receipt])],
  };
  const about = { notificationId: draft.id, channel, to: draft.to, reason: draft.reason, step: draft.step };
  const line = (data: Readonly<Record<string, unknown>>) => ({ ...about, attempt, ...data });
  const entries = [line({ result, code, ...(latencyMs === null ? {} : { latencyMs }) })];
  if (receipt !== null) entries.push(line({ result: receipt, code: 'told-at-once' }));
  return { state, plan: planOf(draft.id, draft.incidentId, known, state, at, entries) };
}

export type Receipt = {
  readonly kind: ReceiptKind;
  readonly code: string | null;
  /** When it happened, as the channel tells it; ISO 8601. */
  readonly toldAt: string | null;
  /** When it came in, epoch milliseconds. */
  readonly at: number;
};

/** What a channel tells later. Null where it was told before. Pure. */
export function planReceipt(
  id: string,
  known: { readonly raw: string; readonly value: NotificationState },
  { kind, code, toldAt, at }: Receipt,
): CommitPlan | null {
  const { incidentId, to, channel, attempts, receipts } = known.value;
  if (receipts.includes(kind)) return null;
  const state = { ...known.value, receipts: [...receipts, kind] };
  const data = {
    ...{ notificationId: id, channel, to, attempt: attempts, result: kind },
    ...(code === null ? {} : { code }),
    ...(toldAt === null ? {} : { toldAt }),
  };
  return planOf(id, incidentId, known, state, at, [data]);
}

function planOf(
  id: string,
  incidentId: string,
  known: Held<NotificationState | null>,
  state: NotificationState,
  at: number,
  lines: readonly Readonly<Record<string, unknown>>[],
): CommitPlan {
  return {
    incidents: [],
    guarded: [{ key: notificationKey(id), was: known.raw, becomes: JSON.stringify(state), ttlMs: KEPT_MS }],
    events: [],
    entries: lines.map((data) => ({ incidentId, type: 'notified', actor: 'system', at, data })),
    notifications: [],
    ack: null,
  };
}
