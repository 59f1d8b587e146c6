import type { AlarmType, Lane, Priority } from '../../devices/alarm-types.ts';

/** Whom a step reaches; who that is at that moment (on duty, numbers) is looked up when it fires. */
export const STEP_TARGETS = ['duty-operators', 'all-operators', 'supervisors', 'duty-helpers', 'contacts'] as const;
export type StepTarget = (typeof STEP_TARGETS)[number];

export type PolicyStep = {
  /** Milliseconds after the pass began. */
  readonly afterMs: number;
  readonly target: StepTarget;
};

/**
 * After how long, whom. Snapshotted in the incident when it opens, so that nobody edits a plan under a running case
 * (design §4 Policy). Times are those of the incident's own priority already.
 */
export type PolicySnapshot = {
  readonly id: string;
  /** In rising order of `afterMs`; at least one. */
  readonly steps: readonly PolicyStep[];
  /** From the last step to the next pass, when somebody was reached and nobody acted. */
  readonly againAfterMs: number;
};

/** What a policy is chosen by. */
export type PolicyQuestion = {
  readonly type: AlarmType;
  readonly lane: Lane;
  readonly priority: Priority;
  readonly region: string | null;
  readonly residentId: string | null;
};

export type ChoosePolicy = (question: PolicyQuestion) => PolicySnapshot;

/** A pass that reached nobody begins again after this (design §4 Policy). */
export const NOBODY_AGAIN_MS = 15_000;

/**
 * A pass through the steps that is under way. A step that is passed over because nobody is there moves `startedAt` back, so
 * that the next one is due at once.
 */
export type LadderRun = {
  /** 1 for the first pass of this case. */
  readonly pass: number;
  /** The step that is due next; the number of steps when all have fired. */
  readonly next: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly hasReached: boolean;
};

/** When the next step, or the next pass, is due. Epoch milliseconds. */
export function ladderDueAt(policy: PolicySnapshot, run: LadderRun): number {
  const step = policy.steps[run.next];
  if (step !== undefined) return run.startedAt + step.afterMs;
  const lastAfterMs = policy.steps.at(-1)?.afterMs ?? 0;
  return run.startedAt + lastAfterMs + (run.hasReached ? policy.againAfterMs : NOBODY_AGAIN_MS);
}
