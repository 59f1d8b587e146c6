import type { StatusKind } from '../api/contract/registry.ts';

/** What a status may pause: what the service does of its own accord and would then be wrong, or hurt somebody. */
export const PAUSABLE = ['silence-rules', 'vitals-rules', 'care-calls', 'greetings'] as const;
export type Pausable = (typeof PAUSABLE)[number];

/** What no status ever pauses: somebody asks for help, whoever and wherever that is (field.md, scene 12). */
export const NEVER_PAUSED = ['emergency'] as const;
export type NeverPaused = (typeof NEVER_PAUSED)[number];

/** What each status pauses; chosen. Who is away answers no call at home and moves nothing there, and is glad of a greeting;
 * a hospital and an institution watch over vital signs themselves. */
const PAUSES = {
  'at-home': [],
  away: ['silence-rules', 'care-calls'],
  hospital: PAUSABLE,
  institution: PAUSABLE,
  moved: PAUSABLE,
  deceased: PAUSABLE,
  'service-ended': PAUSABLE,
} as const satisfies Record<StatusKind, readonly Pausable[]>;

/** Whether a status stops something for now. An emergency is stopped by none. */
export function isPaused(what: Pausable | NeverPaused, status: StatusKind): boolean {
  const paused: readonly string[] = PAUSES[status];
  return paused.includes(what);
}
