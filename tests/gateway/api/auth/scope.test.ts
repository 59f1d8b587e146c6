import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isInScope, isOverlapping, isScopeWithin, scopesWithin } from '../../../../gateway/api/auth/scope.ts';

const region = fc
  .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));
const scope = fc.oneof({ weight: 1, arbitrary: fc.constant('*') }, { weight: 5, arbitrary: region });
const scopes = fc.array(scope, { maxLength: 3 });

/** The tree itself: a region lies in all its beginnings, part by part. */
function ancestors(path: string): string[] {
  const parts = path.split('/');
  return ['*', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}

test('a scope covers itself and all below it, and nothing beside it', () => {
  fc.assert(
    fc.property(scopes, region, (mine, path) => {
      expect(isInScope(mine, path)).toBe(ancestors(path).some((part) => mine.includes(part)));
    }),
  );
  expect(isInScope(['a'], 'ab')).toBe(false);
  expect(isInScope(['a/b'], 'a')).toBe(false);
});

test('a case in no region is seen by everyone', () => {
  fc.assert(
    fc.property(scopes, (mine) => {
      expect(isInScope(mine, null)).toBe(true);
    }),
  );
});

test('a wider scope never sees less', () => {
  fc.assert(
    fc.property(scopes, scopes, fc.option(region), (mine, more, path) => {
      if (isInScope(mine, path)) expect(isInScope([...mine, ...more], path)).toBe(true);
    }),
  );
});

test('whoever hands out a scope shows nobody more than they see', () => {
  fc.assert(
    fc.property(scopes, scope, region, (mine, given, path) => {
      if (isScopeWithin(mine, given) && isInScope([given], path)) expect(isInScope(mine, path)).toBe(true);
    }),
  );
});

test('scopes overlap exactly where some region lies in both', () => {
  fc.assert(
    fc.property(scopes, scopes, (mine, theirs) => {
      const candidates = [...mine, ...theirs].map((part) => (part === '*' ? 'c' : part));
      const isShared = candidates.some((path) => isInScope(mine, path) && isInScope(theirs, path));
      expect(isOverlapping(mine, theirs)).toBe(isShared);
    }),
  );
});

test('what lies in two sets of scopes is named once, by the largest', () => {
  fc.assert(
    fc.property(scopes, scope, region, (mine, wanted, path) => {
      const both = scopesWithin(mine, wanted);
      expect(isInScope(both, path)).toBe(isInScope(mine, path) && isInScope([wanted], path));
      for (const each of both)
        expect(
          isScopeWithin(
            both.filter((other) => other !== each),
            each,
          ),
        ).toBe(false);
    }),
  );
});
