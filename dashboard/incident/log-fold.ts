import type { LogEntry } from '../../gateway/api/contract/incident.ts';

/** Milestones are written beside the step that reached them (design §8); the screen shows the step alone. */
const STEPS_OF: Readonly<Record<string, readonly string[]>> = {
  received: ['opened'],
  claimed: ['claim', 'call', 'contact', 'note', 'resolve'],
  voice: ['call', 'contact', 'resolve'],
  resolved: ['resolve'],
  seen: ['shown'],
  dispatched: ['dispatch'],
  accepted: ['accept'],
  arrived: ['arrive'],
  'authority-called': ['authority'],
  'authority-arrived': ['authority'],
  'followed-up': ['follow-up'],
  // A step of the policy says itself that it rang.
  rang: ['step'],
};
const SAME_STEP_MS = 1000;

/** The history as people read it, newest first. Nothing is hidden but what another line says. */
export function foldLog(log: readonly LogEntry[]): readonly LogEntry[] {
  const hasShown = log.some((entry) => entry.type === 'shown');
  return log
    .filter((entry) => {
      if (entry.type === 'seen') return !hasShown;
      const steps = STEPS_OF[entry.type];
      return steps === undefined || !log.some((other) => steps.includes(other.type) && isSameStep(entry, other));
    })
    .toReversed();
}

function isSameStep(a: LogEntry, b: LogEntry): boolean {
  return Math.abs(Date.parse(a.at) - Date.parse(b.at)) <= SAME_STEP_MS;
}
