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
  /** The same when nobody was reached (design §4 Policy: 15 s). */
  readonly nobodyAgainMs: number;
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

/** Contacts are told, not asked to act: they count for nobody who could, and no step waits for them or because of them. */
export function isAskedToAct(target: StepTarget): boolean {
  return target !== 'contacts';
}

/**
 * A pass through the steps that is under way. A step that is passed over because nobody is there moves `startedAt` back, so
 * that the next one is due at once.
 */
export type LadderRun = {
  /** 1 for the first pass of this case; goes on counting over owners. */
  readonly pass: number;
  /** The step that is due next; the number of steps when all have fired. */
  readonly next: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Somebody who is asked to act was reached. */
  readonly hasReached: boolean;
  /** The helper because of whom it began, who has just declined or cannot get in; not called by it. */
  readonly exceptId: string | null;
};

/** When the next step, or the next pass, is due. Epoch milliseconds. */
export function ladderDueAt(policy: PolicySnapshot, run: LadderRun): number {
  const step = policy.steps[run.next];
  if (step !== undefined) return run.startedAt + step.afterMs;
  const lastAfterMs = policy.steps.at(-1)?.afterMs ?? 0;
  return run.startedAt + lastAfterMs + (run.hasReached ? policy.againAfterMs : policy.nobodyAgainMs);
}

/**
 * The run after a step for which nobody is there: whoever is asked next is asked now, and after the last one the next pass
 * counts from now.
 */
export function passOver(policy: PolicySnapshot, run: LadderRun, nowMs: number): LadderRun {
  const step = policy.steps[run.next];
  const next = run.next + 1;
  if (step === undefined || !isAskedToAct(step.target)) return { ...run, next };
  const following = policy.steps.slice(next).find(({ target }) => isAskedToAct(target)) ?? policy.steps.at(-1);
  return { ...run, next, startedAt: nowMs - (following?.afterMs ?? 0) };
}
