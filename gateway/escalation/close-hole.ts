import type { CommitPlan } from '../incidents/commit.ts';
import { dueAt } from '../incidents/deadlines.ts';
import type { Held } from '../incidents/held.ts';
import { guardIndex, withOpened, type OpenIndex } from '../incidents/open-index.ts';
import type { OpenIncident } from '../incidents/record.ts';

export type CloseHoleDeps = {
  readonly plan: (incident: OpenIncident, nowMs: number) => CommitPlan | null;
  readonly commit: (plan: CommitPlan) => Promise<unknown>;
  readonly loadIndex: (subject: string) => Promise<Held<OpenIndex>>;
  readonly nowMs: () => number;
};

export type Damage = {
  /** The auditor's own count says that its deadline has passed. */
  readonly isOverdue: boolean;
  /** The index of its subject lacks it. */
  readonly isUnindexed: boolean;
};

/**
 * What the auditor does by itself about one open incident: fires its deadline where that has passed, past the engine. Writing
 * the record lists it as open again; where nothing is due it is written as it is. The version check keeps this from undoing
 * what somebody did meanwhile.
 */
export function createCloseHole(deps: CloseHoleDeps) {
  return async (incident: OpenIncident, { isOverdue, isUnindexed }: Damage): Promise<void> => {
    const nowMs = deps.nowMs();
    const isDue = isOverdue || dueAt(incident).at <= nowMs;
    const plan = (isDue ? deps.plan(incident, nowMs) : null) ?? rewrite(incident);
    if (!isUnindexed) {
      await deps.commit(plan);
      return;
    }
    const held = await deps.loadIndex(incident.subject);
    const guarded = guardIndex(incident.subject, held, withOpened(held.value, incident.id));
    await deps.commit({ ...plan, guarded: [...plan.guarded, guarded] });
  };
}

function rewrite(incident: OpenIncident): CommitPlan {
  return {
    incidents: [{ record: incident, was: incident }],
    guarded: [],
    events: [],
    entries: [],
    notifications: [],
    ack: null,
  };
}
