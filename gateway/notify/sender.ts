import type { Clock } from '../clock.ts';
import type { NotificationDraft } from '../incidents/commit.ts';
import type { IncidentRecord } from '../incidents/record.ts';
import type { Directory } from '../registry/directory.ts';
import { calcPauseMs, planAttempt } from './attempts.ts';
import type { Channel, SendResult } from './channel.ts';
import type { Outcome } from './note.ts';
import { composeNotice } from './notice.ts';

/** One attempt, or the decision to make none; `pauseMs` until the next, null when this was the last. */
export type Tried = { readonly outcome: Outcome; readonly pauseMs: number | null };

export type SendOnce = (
  draft: NotificationDraft,
  incident: IncidentRecord | null,
  soFar: { readonly attempts: number; readonly heldMs: number },
  signal: AbortSignal,
) => Promise<Tried>;

/**
 * Makes one attempt by a channel that reaches the person, the first of them first, after a failure by the next; everything personal
 * is looked up now. Never rejects.
 */
export function createSendOnce(deps: {
  readonly channels: readonly Channel[];
  readonly directory: () => Pick<Directory, 'user' | 'resident' | 'home'>;
  readonly onResult: (channel: string, result: SendResult) => void;
  readonly clock: Clock;
}): SendOnce {
  const { channels, directory, clock } = deps;

  return async (draft, incident, { attempts, heldMs }, signal) => {
    const able = channels.filter(({ canReach }) => canReach(draft.to));
    const channel = able[attempts % able.length];
    const base = { channel: channel?.name ?? null, latencyMs: null, receipt: null, at: clock.nowMs() };
    const giveUp = (code: string): Tried => ({
      outcome: { ...base, attempt: attempts, result: 'gave-up', code },
      pauseMs: null,
    });
    const ageMs = clock.nowMs() - draft.at;
    const plan = planAttempt({ attempts, heldMs, ageMs, isResolved: incident?.state === 'resolved' });
    if (plan.kind === 'give-up') return giveUp(plan.code);
    const { attempt } = plan;
    // It may come back with what a Redis that lost it is filled from.
    if (incident === null) return again({ ...base, attempt, result: 'failed', code: 'no-incident' }, draft.id, null);
    if (channel === undefined) return giveUp('no-channel');
    const composed = composeNotice(draft, incident, directory());
    if ('withheld' in composed) return giveUp(composed.withheld);

    const begunMono = clock.monoMs();
    const result = await channel.send(composed.notice, signal);
    if (!signal.aborted) deps.onResult(channel.name, result);
    const latencyMs = Math.round(clock.monoMs() - begunMono);
    const told = { ...base, attempt, code: result.code, latencyMs, at: clock.nowMs() };
    if (result.kind === 'sent') return { outcome: { ...told, result: 'sent', receipt: result.receipt }, pauseMs: null };
    // What one channel refuses for good another may take.
    if (result.isPermanent && able.length === 1) return { outcome: { ...told, result: 'gave-up' }, pauseMs: null };
    return again({ ...told, result: 'failed' }, draft.id, result.retryAfterMs);
  };
}

function again(outcome: Outcome, id: string, retryAfterMs: number | null): Tried {
  return { outcome, pauseMs: calcPauseMs(id, outcome.attempt, retryAfterMs) };
}
