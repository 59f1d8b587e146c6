import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../gateway/history/canonical.ts';
import { calcLinkHash, calcLinks, CHAIN_START } from '../../../gateway/history/chain.ts';

test('equal values have one text, whatever the order of their members', () => {
  expect(canonicalJson({ b: [1, { d: undefined, c: null }], a: 'ä\n' })).toBe('{"a":"ä\\n","b":[1,{"c":null}]}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed());
      expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('each entry is joined to the one before', () => {
  const [first, second] = calcLinks(CHAIN_START, ['a', 'b']);
  expect(first).toMatchObject({ seq: 1, prev: CHAIN_START.hash, hash: calcLinkHash(CHAIN_START.hash, 'a') });
  expect(second).toMatchObject({ seq: 2, prev: first?.hash });
});

test('the chain is the same in one go and in any pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(), (entries, cut) => {
      const at = cut % entries.length;
      const [head, tail] = [entries.slice(0, at), entries.slice(at)];
      const first = calcLinks(CHAIN_START, head);
      const rest = calcLinks(first.at(-1) ?? CHAIN_START, tail);
      expect([...first, ...rest]).toEqual(calcLinks(CHAIN_START, entries));
    }),
  );
});
