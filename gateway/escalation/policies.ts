import type { ChoosePolicy, PolicySnapshot, PolicyStep } from '../incidents/policy.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The first ladder (chosen). Times are for priority 1. Contacts are those who asked to be told at once. */
const EMERGENCY: readonly PolicyStep[] = [
  { afterMs: 0, target: 'duty-operators' },
  { afterMs: 0, target: 'contacts' },
  { afterMs: 15 * SECOND, target: 'all-operators' },
  { afterMs: 30 * SECOND, target: 'supervisors' },
  { afterMs: 60 * SECOND, target: 'duty-helpers' },
];

/** Nobody outside the centre is told: somebody may be standing beside the phone (design §4 Policy). */
const SILENT: readonly PolicyStep[] = EMERGENCY.filter(({ target }) => target !== 'contacts');

/** A request or a technical matter: whoever is on duty, later everybody. */
const CALM: readonly PolicyStep[] = [
  { afterMs: 0, target: 'duty-operators' },
  { afterMs: 30 * MINUTE, target: 'all-operators' },
];

/** First fitting row wins; the last fits everything. Regions and residents get rows of their own with the console. */
const POLICIES = [
  { id: 'duress', fits: ({ type }) => type === 'duress', steps: SILENT, factor: 1 },
  { id: 'unprocessed', fits: ({ type }) => type === 'unprocessed', steps: SILENT, factor: 1 },
  { id: 'life', fits: ({ priority }) => priority === 1, steps: EMERGENCY, factor: 1 },
  { id: 'urgent', fits: ({ priority }) => priority === 2, steps: EMERGENCY, factor: 4 },
  { id: 'calm', fits: () => true, steps: CALM, factor: 1 },
] as const satisfies readonly {
  readonly id: string;
  readonly fits: (question: Parameters<ChoosePolicy>[0]) => boolean;
  readonly steps: readonly PolicyStep[];
  readonly factor: number;
}[];

/** From the last step to the next pass, when somebody was reached and nobody acted; priority 1, chosen. */
const AGAIN_AFTER_MS = 60 * SECOND;
const CALM_AGAIN_AFTER_MS = 60 * MINUTE;

/** The same when nobody was reached (design §4 Policy); what can wait for hours is not tried four times a minute. */
const NOBODY_AGAIN_MS = 15 * SECOND;
const CALM_NOBODY_AGAIN_MS = 15 * MINUTE;

/** The policy for a fresh incident, with its times. */
export function choosePolicy(question: Parameters<ChoosePolicy>[0]): PolicySnapshot {
  const rows: readonly (typeof POLICIES)[number][] = POLICIES;
  const row = rows.find(({ fits }) => fits(question)) ?? POLICIES[4];
  const steps = row.steps.map(({ afterMs, target }) => ({ afterMs: afterMs * row.factor, target }));
  return row.id === 'calm'
    ? { id: row.id, steps, againAfterMs: CALM_AGAIN_AFTER_MS, nobodyAgainMs: CALM_NOBODY_AGAIN_MS }
    : { id: row.id, steps, againAfterMs: AGAIN_AFTER_MS * row.factor, nobodyAgainMs: NOBODY_AGAIN_MS };
}
