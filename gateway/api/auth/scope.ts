import { type Actor, worksOnCases } from './actor.ts';

/**
 * Whether scopes cover a region (design §8): `*` is all; `city/street` covers itself and everything below it; a region
 * of null (nobody's) is seen by everyone, so that no case is invisible.
 */
export function isInScope(scopes: readonly string[], region: string | null): boolean {
  if (region === null) return true;
  return scopes.some((scope) => scope === '*' || region === scope || region.startsWith(`${scope}/`));
}

/** The scopes of an actor; the command line on the gateway's machine sees all. */
export function scopesOf(actor: Actor): readonly string[] {
  return actor.kind === 'local' ? ['*'] : actor.user.regions;
}

/** Whether the register of a region is open to somebody. A helper sees nothing of it by region (`case-files.ts`). */
export function canSee(actor: Actor, region: string | null): boolean {
  return (actor.kind === 'local' || worksOnCases(actor.user.roles)) && isInScope(scopesOf(actor), region);
}

/** Whether all that `scope` covers lies in `scopes`: nobody hands out more than they have. */
export function isScopeWithin(scopes: readonly string[], scope: string): boolean {
  return scope === '*' ? scopes.includes('*') : isInScope(scopes, scope);
}

/** Whether two sets of scopes share a region. */
export function isOverlapping(a: readonly string[], b: readonly string[]): boolean {
  return a.some((scope) => isScopeWithin(b, scope)) || b.some((scope) => isScopeWithin(a, scope));
}

/** The largest scopes that lie both in `scopes` and in `wanted`, each once. */
export function scopesWithin(scopes: readonly string[], wanted: string): readonly string[] {
  if (isScopeWithin(scopes, wanted)) return [wanted];
  const within = [...new Set(scopes)].filter((scope) => isScopeWithin([wanted], scope));
  return within.filter(
    (scope) =>
      !isScopeWithin(
        within.filter((other) => other !== scope),
        scope,
      ),
  );
}
