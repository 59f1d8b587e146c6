/** Gives each key of a request its number: KEYS of a script count from 1, and a key that comes again keeps its own. */
export function numberKeys(): { readonly keys: readonly string[]; readonly numberOf: (key: string) => number } {
  const keys: string[] = [];
  return {
    keys,
    numberOf: (key) => {
      const at = keys.indexOf(key);
      return at === -1 ? keys.push(key) : at + 1;
    },
  };
}
