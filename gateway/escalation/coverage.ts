import { isScopeWithin } from '../api/auth/scope.ts';

/** Nobody at all is on duty. */
export const EVERYWHERE = 'everywhere';

type Scoped = { readonly regions: readonly string[] };

/**
 * Scopes that somebody looked after and nobody does now, without those that lie in another of them; `EVERYWHERE` alone when
 * nobody is on duty at all. What nobody ever looked after since this gateway runs is not missed. Pure.
 */
export function listUncovered(lookedAfter: ReadonlySet<string>, onDuty: readonly Scoped[]): readonly string[] {
  if (lookedAfter.size === 0) return [];
  if (onDuty.length === 0) return [EVERYWHERE];
  const covered = onDuty.flatMap(({ regions }) => regions);
  const missed = [...lookedAfter].filter((scope) => !isScopeWithin(covered, scope));
  return missed.filter((scope) => !missed.some((wider) => wider !== scope && isScopeWithin([wider], scope)));
}
