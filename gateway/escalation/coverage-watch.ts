import { worksOnCases } from '../api/auth/actor.ts';
import type { Clock } from '../clock.ts';
import { EVERYWHERE, listUncovered } from './coverage.ts';
import type { People } from './people.ts';

/** Between two looks. Chosen. */
const LOOK_EVERY_MS = 1000;
/** A page that is loaded anew proves its sound again; so long nobody is missed. Chosen. */
const MISSED_AFTER_MS = 10_000;

export type CoverageWatchDeps = {
  readonly people: Pick<People, 'list'>;
  /** Scopes of everybody who said that they are on duty at a console, whether they are there or not. */
  readonly promised: () => readonly string[];
  /** Nobody is on duty for a scope; called again and again while it lasts. `code` is stable. */
  readonly raise: (code: string) => void;
  readonly restore: (code: string) => void;
  readonly clock: Pick<Clock, 'monoMs'>;
};

/**
 * The last sounded console cannot leave unnoticed, whether there are cases or not: when nobody is on duty any more for a
 * scope that somebody looked after, or nobody at all, that is a technical case. Also after a restart: who had said that they
 * are on duty is known from before.
 */
export function createCoverageWatch(deps: CoverageWatchDeps) {
  const lookedAfter = new Set<string>();
  const missedSince = new Map<string, number>();
  let lookTimer: NodeJS.Timeout | null = null;

  function look(): void {
    for (const scope of deps.promised()) lookedAfter.add(scope);
    const atConsoles = deps.people
      .list()
      .filter(({ roles, isPresent, isOnDuty }) => isPresent && isOnDuty && worksOnCases(roles));
    const missed = new Set(listUncovered(lookedAfter, atConsoles));
    const nowMono = deps.clock.monoMs();
    for (const scope of [EVERYWHERE, ...lookedAfter]) {
      if (missed.has(scope)) {
        const since = missedSince.get(scope) ?? nowMono;
        missedSince.set(scope, since);
        if (nowMono - since >= MISSED_AFTER_MS) deps.raise(codeOf(scope));
      } else {
        missedSince.delete(scope);
        if (atConsoles.length > 0) deps.restore(codeOf(scope));
      }
    }
  }

  return {
    look,
    start: (): void => {
      lookTimer ??= setInterval(look, LOOK_EVERY_MS);
    },
    stop: (): void => {
      if (lookTimer !== null) clearInterval(lookTimer);
      lookTimer = null;
    },
  };
}

/** `nobody-on-duty`, or with the scope behind it where others are on duty elsewhere. */
function codeOf(scope: string): string {
  return scope === EVERYWHERE ? 'nobody-on-duty' : `nobody-on-duty:${scope}`;
}
